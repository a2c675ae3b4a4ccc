<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Model;

use Shopkeeper\Framework\Config\ScopeConfigInterface;

class Payment
{
    private const METHODS = ['banktransfer', 'checkmo', 'cashondelivery'];

    public function __construct(private readonly ScopeConfigInterface $config)
    {
    }

    /** @return array<string, array{title: string, note: string}> */
    public function methods(): array
    {
        $methods = [];
        foreach (self::METHODS as $code) {
            if ($this->config->flag("payment/$code/active")) {
                $methods[$code] = [
                    'title' => __((string)$this->config->get("payment/$code/title")),
                    'note' => __((string)$this->config->get("payment/$code/instructions")),
                ];
            }
        }
        return $methods;
    }
}
