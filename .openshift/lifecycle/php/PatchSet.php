<?php

declare(strict_types=1);

namespace Shop;

/**
 * Which packages the project patches, and by what: patches of composer.json and its patches file, and files below patches/
 * and m2-hotfixes/, which name their package by the paths in them or by a line `@package NAME`.
 */
final class PatchSet
{
    /** Patches that name no package. */
    private const UNKNOWN = '*';

    /** @param array<string, string> $hashes package → hash of all that is done to it */
    private function __construct(private readonly array $hashes)
    {
    }

    public static function ofProject(): self
    {
        $all = [];
        foreach (self::declared() as $package => $patches) {
            foreach ($patches as $patch) {
                $file = Place::app($patch);
                $all[$package][] = is_file($file) ? hash_file('sha256', $file) : $patch;
            }
        }
        $listed = array_flip(array_map(Place::app(...), array_merge([], ...array_values(self::declared()))));
        foreach ([...self::files('patches'), ...self::hotfixes()] as $file) {
            foreach (isset($listed[$file]) ? [] : self::packagesOf($file) as $package) {
                $all[$package][] = hash_file('sha256', $file);
            }
        }
        ksort($all);
        return new self(array_map(static fn (array $parts): string => hash('sha256', implode("\n", $parts)), $all));
    }

    /** As `text` wrote it. */
    public static function fromText(string $text): self
    {
        $hashes = [];
        foreach (array_filter(explode("\n", $text)) as $line) {
            [$package, $hash] = explode(' ', $line . ' ');
            $hashes[$package] = $hash;
        }
        return new self($hashes);
    }

    /** A line for each package. */
    public function text(): string
    {
        $lines = array_map(static fn (string $package, string $hash): string => "$package $hash\n", array_keys($this->hashes), $this->hashes);
        return implode('', $lines);
    }

    /** @return list<string> packages that are patched in another way than by `$then`, or no longer */
    public function changedSince(self $then): array
    {
        $other = array_diff_assoc($this->hashes, $then->hashes) + array_diff_assoc($then->hashes, $this->hashes);
        // What nobody can tell may be a patch of any package that is patched at all.
        $names = isset($other[self::UNKNOWN]) ? array_keys($this->hashes + $then->hashes) : array_keys($other);
        return array_values(array_diff($names, [self::UNKNOWN]));
    }

    /** @return list<string> patches that are put on from the root of the shop, in their order */
    public static function hotfixes(): array
    {
        return array_values(array_filter(self::files('m2-hotfixes'), static fn (string $file): bool => str_ends_with($file, '.patch')));
    }

    /** @return array<string, list<string>> package → paths or addresses of patches */
    private static function declared(): array
    {
        $extra = self::json('composer.json')['extra'] ?? [];
        $more = isset($extra['patches-file']) ? self::json($extra['patches-file'])['patches'] ?? [] : [];
        $place = static fn ($patch): string => is_array($patch) ? (string) ($patch['url'] ?? $patch['source'] ?? $patch['path'] ?? '') : (string) $patch;
        return array_map(
            static fn ($patches): array => array_map($place, array_values((array) $patches)),
            array_merge_recursive($extra['patches'] ?? [], $more),
        );
    }

    /** @return array<mixed> */
    private static function json(string $path): array
    {
        return (array) json_decode((string) @file_get_contents(Place::app($path)), true);
    }

    /** @return list<string> all files below a directory of the project, sorted */
    private static function files(string $directory): array
    {
        $found = [];
        foreach (@scandir(Place::app($directory)) ?: [] as $name) {
            if (!str_starts_with($name, '.')) {
                $path = "$directory/$name";
                is_dir(Place::app($path)) ? array_push($found, ...self::files($path)) : $found[] = Place::app($path);
            }
        }
        return $found;
    }

    /** @return list<string> */
    private static function packagesOf(string $file): array
    {
        $text = (string) @file_get_contents($file);
        preg_match_all('~^(?:---|\+\+\+) (?:[ab]/)?vendor/([^/\s]+/[^/\s]+)/|^\s*@package\s+(\S+/\S+)~m', $text, $found);
        $packages = array_values(array_unique(array_filter(array_merge($found[1], $found[2]))));
        return $packages === [] ? [self::UNKNOWN] : $packages;
    }
}
