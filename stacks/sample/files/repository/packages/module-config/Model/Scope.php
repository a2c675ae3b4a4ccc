<?php

declare(strict_types=1);

namespace Shopkeeper\Config\Model;

use InvalidArgumentException;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Store\Model\StoreManager;

/** Reads --scope and --scope-code. */
class Scope
{
    public function __construct(private readonly StoreManager $stores)
    {
    }

    /** @return array{0: string, 1: ?string, 2: int} scope, its code, its id */
    public function of(Input $input): array
    {
        $scope = (string)($input->option('scope') ?: ScopeConfigInterface::DEFAULT);
        $code = (string)$input->option('scope-code');
        if ($scope === ScopeConfigInterface::DEFAULT) {
            if ($code !== '') {
                throw new InvalidArgumentException('The "default" scope can\'t include a scope code. Try again without entering a scope code.');
            }
            return [$scope, null, 0];
        }
        $scope = rtrim($scope, 's') . 's';
        if (!in_array($scope, [ScopeConfigInterface::WEBSITE, ScopeConfigInterface::STORE], true)) {
            throw new InvalidArgumentException(sprintf('The "%s" value doesn\'t exist. Enter another value and try again.', $input->option('scope')));
        }
        if ($code === '') {
            throw new InvalidArgumentException('A scope code is missing. Enter a code and try again.');
        }
        foreach ($this->stores->all() as $store) {
            if ($scope === ScopeConfigInterface::STORE && $store->code === $code) {
                return [$scope, $code, $store->id];
            }
            if ($scope === ScopeConfigInterface::WEBSITE && $store->websiteCode === $code) {
                return [$scope, $code, $store->websiteId];
            }
        }
        throw new InvalidArgumentException(sprintf('The "%s" value doesn\'t exist. Enter another value and try again.', $code));
    }
}
