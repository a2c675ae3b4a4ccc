<?php

declare(strict_types=1);

namespace Shopkeeper\Webapi\Model;

use Shopkeeper\Backend\Model\UserRepository;
use Shopkeeper\Webapi\Controller\RestRequest;

class TokenService
{
    public function __construct(
        private readonly UserRepository $users,
        private readonly Tokens $tokens,
    ) {
    }

    public function create(RestRequest $request): string
    {
        $body = $request->body();
        $user = $this->users->authenticate((string)($body['username'] ?? ''), (string)($body['password'] ?? ''));
        if ($user === null) {
            throw new WebapiException('The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.', 401);
        }
        return $this->tokens->create($user->id);
    }
}
