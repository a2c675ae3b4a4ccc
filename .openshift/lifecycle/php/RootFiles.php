<?php

declare(strict_types=1);

namespace Shop;

/**
 * The files that a package brings for the root of a shop. Magento's composer plugin puts them there, and stops without a
 * word at the first one that the package lacks: an empty directory, say, which git does not keep.
 */
final class RootFiles
{
    public function __construct(private readonly string $package)
    {
    }

    /**
     * Puts them into the shop. What is there stays as it is.
     *
     * @param array{map: list<array{string, string}>, chmod?: list<array{mask: string, path: string}>} $extra of the package
     */
    public function place(array $extra): void
    {
        foreach ($extra['map'] as [$from, $to]) {
            $from = $this->package . '/' . trim($from, '/ ');
            $target = Place::app(trim($to, '/ '));
            // What is not there and has no suffix was an empty directory.
            file_exists($from) ? $this->copy($from, $target) : (str_contains(basename($from), '.') || self::directory($target));
        }
        foreach ($extra['chmod'] ?? [] as ['mask' => $mask, 'path' => $path]) {
            is_file(Place::app($path)) && chmod(Place::app($path), octdec($mask));
        }
    }

    /** In the file that Magento's composer plugin writes for it. */
    public static function sayWhereVendorIs(): void
    {
        $path = Place::app('app/etc/vendor_path.php');
        if (!is_file($path) && is_dir(dirname($path))) {
            @file_put_contents($path, "<?php\n\nreturn './vendor';\n") || throw new Failure("$path cannot be written.");
        }
    }

    private function copy(string $from, string $to): void
    {
        if (is_dir($from)) {
            self::directory($to);
            foreach (array_diff(scandir($from), ['.', '..']) as $name) {
                $this->copy("$from/$name", "$to/$name");
            }
        } elseif (!file_exists($to) && !is_link($to)) {
            self::directory(dirname($to));
            // Complete or not there: the next run takes what is there for whole.
            $temporary = "$to.shop-new";
            @copy($from, $temporary) && @rename($temporary, $to) || throw new Failure("$to cannot be written.");
        }
    }

    private static function directory(string $path): void
    {
        is_dir($path) || @mkdir($path, 0777, true) || is_dir($path) || throw new Failure("$path cannot be made.");
    }
}
