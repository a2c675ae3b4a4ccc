<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Session;

use Shopkeeper\Framework\App\Area;
use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Filesystem\Directory;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Redis\ClientFactory;

/** A visitor's session. It starts when something is written, or read of a visitor who already has one. */
class Session
{
    private bool $started = false;

    public function __construct(
        private readonly DeploymentConfig $deployment,
        private readonly ScopeConfigInterface $config,
        private readonly Request $request,
        private readonly Area $area,
        private readonly Paths $paths,
    ) {
    }

    public function get(string $name, mixed $default = null): mixed
    {
        if (!$this->started && $this->request->cookie($this->name()) === null) {
            return $default;
        }
        $this->start();
        return $_SESSION[$name] ?? $default;
    }

    public function set(string $name, mixed $value): void
    {
        $this->start();
        $_SESSION[$name] = $value;
    }

    public function remove(string $name): void
    {
        if ($this->get($name) !== null) {
            unset($_SESSION[$name]);
        }
    }

    /** Takes the value out, for messages that are shown once. */
    public function take(string $name, mixed $default = null): mixed
    {
        $value = $this->get($name, $default);
        $this->remove($name);
        return $value;
    }

    /** A new id, for the moment when the visitor becomes somebody. */
    public function renew(): void
    {
        $this->start();
        session_regenerate_id(true);
    }

    public function destroy(): void
    {
        $this->start();
        $_SESSION = [];
        session_destroy();
        $this->started = false;
    }

    private function start(): void
    {
        if ($this->started) {
            return;
        }
        $lifetime = (int)$this->config->get('web/cookie/cookie_lifetime') ?: 3600;
        $save = (string)$this->deployment->get('session/save', 'files');
        if (in_array($save, ['redis', 'valkey'], true)) {
            $client = ClientFactory::fromOptions((array)$this->deployment->get('session/' . $save, []));
            session_set_save_handler(new RedisHandler($client, $lifetime), true);
        } else {
            Directory::ensure($this->paths->var('session'));
            session_save_path($this->paths->var('session'));
        }
        session_name($this->name());
        session_cache_limiter('');
        session_set_cookie_params([
            'lifetime' => $lifetime,
            'path' => '/',
            'secure' => $this->request->isSecure((string)$this->config->get('web/secure/offloader_header')),
            'httponly' => true,
            'samesite' => 'Lax',
        ]);
        ini_set('session.use_strict_mode', '1');
        ini_set('session.gc_maxlifetime', (string)$lifetime);
        session_start();
        $this->started = true;
    }

    private function name(): string
    {
        return $this->area->code === Area::ADMIN ? 'admin' : 'PHPSESSID';
    }
}
