<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Locale;

use DateTimeImmutable;
use DateTimeZone;
use IntlDateFormatter;
use NumberFormatter;
use Shopkeeper\Framework\Config\ScopeConfigInterface;

/** Prices and dates in the store's language, currency and time zone. */
class Format
{
    private ?NumberFormatter $prices = null;

    public function __construct(private readonly ScopeConfigInterface $config)
    {
    }

    public function currency(): string
    {
        return (string)$this->config->get('currency/options/default');
    }

    public function price(float $amount): string
    {
        if (!class_exists(NumberFormatter::class)) {
            return $this->currency() . ' ' . number_format($amount, 2);
        }
        $this->prices ??= new NumberFormatter($this->locale(), NumberFormatter::CURRENCY);
        return $this->prices->formatCurrency($amount, $this->currency());
    }

    public function date(string $utc, bool $withTime = false): string
    {
        $zone = new DateTimeZone((string)$this->config->get('general/locale/timezone') ?: 'UTC');
        $date = (new DateTimeImmutable($utc, new DateTimeZone('UTC')))->setTimezone($zone);
        if (!class_exists(IntlDateFormatter::class)) {
            return $date->format($withTime ? 'Y-m-d H:i' : 'Y-m-d');
        }
        return (string)(new IntlDateFormatter(
            $this->locale(),
            IntlDateFormatter::MEDIUM,
            $withTime ? IntlDateFormatter::SHORT : IntlDateFormatter::NONE,
            $zone
        ))->format($date);
    }

    private function locale(): string
    {
        return (string)$this->config->get('general/locale/code') ?: 'en_US';
    }
}
