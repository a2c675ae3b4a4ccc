<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Model;

use Shopkeeper\Framework\Session\Session;

/** Who is signed in to the back office. */
class Auth
{
    private const KEY = 'admin_user_id';

    private ?User $user = null;

    public function __construct(
        private readonly Session $session,
        private readonly UserRepository $users,
    ) {
    }

    public function user(): ?User
    {
        $id = (int)$this->session->get(self::KEY, 0);
        return $id === 0 ? null : $this->user ??= $this->users->byId($id);
    }

    public function login(string $username, string $password): bool
    {
        $user = $this->users->authenticate($username, $password);
        if ($user === null) {
            return false;
        }
        $this->session->renew();
        $this->session->set(self::KEY, $user->id);
        return true;
    }

    public function logout(): void
    {
        $this->session->destroy();
        $this->user = null;
    }
}
