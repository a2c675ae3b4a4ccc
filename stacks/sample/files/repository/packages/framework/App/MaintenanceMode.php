<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App;

use Shopkeeper\Framework\Filesystem\AtomicFile;

class MaintenanceMode
{
    private const FLAG = '.maintenance.flag';
    private const ADDRESSES = '.maintenance.ip';

    public function __construct(private readonly Paths $paths)
    {
    }

    public function isOn(string $remoteAddress = ''): bool
    {
        if (!is_file($this->paths->var(self::FLAG))) {
            return false;
        }
        return !in_array($remoteAddress, $this->addresses(), true);
    }

    public function set(bool $on): void
    {
        $flag = $this->paths->var(self::FLAG);
        if ($on) {
            AtomicFile::write($flag, '');
        } elseif (is_file($flag)) {
            unlink($flag);
        }
    }

    /** @return string[] */
    public function addresses(): array
    {
        $file = $this->paths->var(self::ADDRESSES);
        return is_file($file) ? array_values(array_filter(explode(',', trim(file_get_contents($file))))) : [];
    }

    /** @param string[] $addresses */
    public function setAddresses(array $addresses): void
    {
        $file = $this->paths->var(self::ADDRESSES);
        if ($addresses !== []) {
            AtomicFile::write($file, implode(',', $addresses));
        } elseif (is_file($file)) {
            unlink($file);
        }
    }
}
