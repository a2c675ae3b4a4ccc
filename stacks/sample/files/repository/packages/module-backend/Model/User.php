<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Model;

final class User
{
    public function __construct(
        public readonly int $id,
        public readonly string $username,
        public readonly string $firstname,
        public readonly string $lastname,
        public readonly string $email,
    ) {
    }

    public function name(): string
    {
        return trim($this->firstname . ' ' . $this->lastname);
    }
}
