<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Setup;

use Shopkeeper\Config\Model\ConfigWriter;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Setup\InstallStepInterface;

/** Base URLs, language, currency and time zone of setup:install, saved as default settings. */
class UserConfigStep implements InstallStepInterface
{
    private const PATHS = [
        'base-url' => ['web/unsecure/base_url'],
        'base-url-secure' => ['web/secure/base_url'],
        'language' => ['general/locale/code'],
        'timezone' => ['general/locale/timezone'],
        'currency' => ['currency/options/base', 'currency/options/default', 'currency/options/allow'],
        'use-rewrites' => ['web/seo/use_rewrites'],
        'use-secure' => ['web/secure/use_in_frontend'],
        'use-secure-admin' => ['web/secure/use_in_adminhtml'],
        'admin-use-security-key' => ['admin/security/use_form_key'],
    ];

    public function __construct(private readonly ConfigWriter $writer)
    {
    }

    public function declare(Signature $signature): void
    {
        $signature->option('base-url', 'URL the store is supposed to be available at')
            ->option('base-url-secure', 'Base URL for SSL connection')
            ->option('language', 'Default language code')
            ->option('timezone', 'Default time zone code')
            ->option('currency', 'Default currency code')
            ->option('use-rewrites', 'Use rewrites')
            ->option('use-secure', 'Use secure URLs')
            ->option('use-secure-admin', 'Run admin interface with SSL')
            ->option('admin-use-security-key', 'Whether to use a "security key" feature in Magento Admin URLs and forms');
    }

    public function validate(Input $input): array
    {
        $errors = [];
        foreach (['base-url', 'base-url-secure'] as $name) {
            $url = (string)$input->option($name);
            if ($url !== '' && $url !== '{{base_url}}' && !filter_var($url, FILTER_VALIDATE_URL)) {
                $errors[] = sprintf("Command option '%s': Invalid URL '%s'. Domain Name should contain only letters, digits and hyphen.", $name, $url);
            }
        }
        $language = $input->option('language');
        if ($language !== null && !preg_match('/^[a-z]{2,3}(_[A-Z][a-z]{3})?_[A-Z]{2}$/', $language)) {
            $errors[] = "Command option 'language': Invalid value, expected for example en_US.";
        }
        $timezone = $input->option('timezone');
        if ($timezone !== null && !in_array($timezone, timezone_identifiers_list(\DateTimeZone::ALL_WITH_BC), true)) {
            $errors[] = "Command option 'timezone': Invalid value, expected for example Europe/Paris.";
        }
        $currency = $input->option('currency');
        if ($currency !== null && !preg_match('/^[A-Z]{3}$/', $currency)) {
            $errors[] = "Command option 'currency': Invalid value, expected for example EUR.";
        }
        foreach (['use-rewrites', 'use-secure', 'use-secure-admin', 'admin-use-security-key'] as $name) {
            if ($input->given($name) && !in_array($input->option($name), ['0', '1'], true)) {
                $errors[] = sprintf("Command option '%s': Invalid value. Possible values (0/1).", $name);
            }
        }
        return $errors;
    }

    public function title(): string
    {
        return 'Installing user configuration...';
    }

    public function run(Input $input): void
    {
        foreach (self::PATHS as $option => $paths) {
            if (!$input->given($option)) {
                continue;
            }
            $value = (string)$input->option($option);
            if (str_starts_with($option, 'base-url')) {
                $value = rtrim($value, '/') . '/';
            }
            foreach ($paths as $path) {
                $this->writer->save($path, $value);
            }
        }
    }
}
