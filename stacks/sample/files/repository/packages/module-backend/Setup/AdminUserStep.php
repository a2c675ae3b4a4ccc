<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Setup;

use Shopkeeper\Backend\Model\UserRepository;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Setup\InstallStepInterface;

/** The --admin-* arguments. All of them or none. */
class AdminUserStep implements InstallStepInterface
{
    private const OPTIONS = [
        'admin-user' => 'Admin user',
        'admin-password' => 'Admin password',
        'admin-email' => 'Admin email',
        'admin-firstname' => 'Admin first name',
        'admin-lastname' => 'Admin last name',
    ];

    public function __construct(private readonly UserRepository $users)
    {
    }

    public function declare(Signature $signature): void
    {
        foreach (self::OPTIONS as $name => $description) {
            $signature->option($name, $description);
        }
    }

    public function validate(Input $input): array
    {
        $given = array_filter(array_keys(self::OPTIONS), $input->given(...));
        return $given === [] ? [] : self::problems($input);
    }

    /** @return string[] */
    public static function problems(Input $input): array
    {
        $problems = [];
        foreach (self::OPTIONS as $name => $description) {
            if (trim((string)$input->option($name)) === '') {
                $problems[] = sprintf('"%s" is required. Enter and try again. (--%s)', $description, $name);
            }
        }
        $password = (string)$input->option('admin-password');
        if ($password !== '' && (mb_strlen($password) < 7 || !preg_match('/[A-Za-z]/', $password) || !preg_match('/\d/', $password))) {
            $problems[] = 'Your password must include both numeric and alphabetic characters and be at least 7 characters long. (--admin-password)';
        }
        $email = (string)$input->option('admin-email');
        if ($email !== '' && !filter_var($email, FILTER_VALIDATE_EMAIL)) {
            $problems[] = 'Please enter a valid email. (--admin-email)';
        }
        return $problems;
    }

    public function title(): string
    {
        return 'Installing admin user...';
    }

    public function run(Input $input): void
    {
        if ($input->given('admin-user')) {
            self::save($this->users, $input);
        }
    }

    public static function save(UserRepository $users, Input $input): bool
    {
        return $users->save(
            (string)$input->option('admin-user'),
            (string)$input->option('admin-password'),
            (string)$input->option('admin-email'),
            (string)$input->option('admin-firstname'),
            (string)$input->option('admin-lastname')
        );
    }
}
