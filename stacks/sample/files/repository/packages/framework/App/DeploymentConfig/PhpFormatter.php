<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App\DeploymentConfig;

/** Renders an array as a PHP file that returns it. */
class PhpFormatter
{
    public function format(array $data): string
    {
        return "<?php\nreturn " . $this->export($data, 1) . ";\n";
    }

    private function export(mixed $value, int $depth): string
    {
        if ($value === null) {
            return 'null';
        }
        if (!is_array($value)) {
            return var_export($value, true);
        }
        if ($value === []) {
            return '[]';
        }
        $lines = [];
        foreach ($value as $key => $item) {
            $name = array_is_list($value) ? '' : var_export($key, true) . ' => ';
            $lines[] = str_repeat('    ', $depth) . $name . $this->export($item, $depth + 1);
        }
        return "[\n" . implode(",\n", $lines) . "\n" . str_repeat('    ', $depth - 1) . ']';
    }
}
