<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Console;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\DeploymentConfig\Writer;
use Shopkeeper\Framework\Component\ComponentRegistrar;
use Shopkeeper\Framework\Config\ConfigImporter;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Store\Model\ScopesImporter;

/** Writes what a build needs to know about the shop to config.php, which goes along with the code. */
class ConfigDumpCommand extends Command
{
    private const TYPES = ['scopes', 'themes'];

    public function __construct(
        private readonly Connection $connection,
        private readonly Writer $writer,
        private readonly ConfigImporter $importer,
    ) {
    }

    public function signature(): Signature
    {
        return (new Signature('app:config:dump', 'Create dump of application'))
            ->argument('config-types', 'Space-separated list of config types (' . implode(', ', self::TYPES) . ') or omit to dump all', false, true);
    }

    public function run(Input $input, Output $output): int
    {
        $types = (array)$input->argument('config-types') ?: self::TYPES;
        $unknown = array_diff($types, self::TYPES);
        if ($unknown !== []) {
            $output->writeln(sprintf('<error>The config types "%s" are not known. Known are: %s</error>', implode(', ', $unknown), implode(', ', self::TYPES)));
            return self::FAILURE;
        }
        $data = array_intersect_key(['scopes' => $this->scopes(), 'themes' => $this->themes()], array_flip($types));
        $this->writer->save(DeploymentConfig::CONFIG, $data, true);
        $this->importer->accept(...$types);
        $output->writeln('<info>Done. Config types dumped: ' . implode(', ', $types) . '</info>');
        return self::SUCCESS;
    }

    private function scopes(): array
    {
        $scopes = [];
        foreach (ScopesImporter::TABLES as $kind => $table) {
            foreach ($this->connection->fetchAll('SELECT * FROM ' . $this->connection->table($table)) as $row) {
                $scopes[$kind][$row['code']] = $row;
            }
        }
        return $scopes;
    }

    private function themes(): array
    {
        $themes = [];
        foreach (array_keys(ComponentRegistrar::paths(ComponentRegistrar::THEME)) as $id) {
            [$area, $code] = explode('/', $id, 2);
            $themes[$id] = ['area' => $area, 'code' => $code, 'theme_path' => $code];
        }
        return $themes;
    }
}
