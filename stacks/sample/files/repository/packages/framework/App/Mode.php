<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App;

/** Deploy mode. The variable of a container wins over env.php. */
class Mode
{
    public const DEFAULT = 'default';
    public const DEVELOPER = 'developer';
    public const PRODUCTION = 'production';

    public function __construct(private readonly DeploymentConfig $config)
    {
    }

    public function get(): string
    {
        $mode = $_SERVER['MAGE_MODE'] ?? getenv('MAGE_MODE') ?: $this->config->get('MAGE_MODE', self::DEFAULT);
        return in_array($mode, [self::DEVELOPER, self::PRODUCTION], true) ? $mode : self::DEFAULT;
    }

    public function isDeveloper(): bool
    {
        return $this->get() === self::DEVELOPER;
    }

    public function isProduction(): bool
    {
        return $this->get() === self::PRODUCTION;
    }
}
