<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Model;

use Shopkeeper\Framework\Http\Request;

/** What a customer enters at the checkout, and what is wrong with it. */
final class CheckoutForm
{
    public const COUNTRIES = [
        'AT' => 'Austria', 'BE' => 'Belgium', 'CH' => 'Switzerland', 'DE' => 'Germany', 'ES' => 'Spain', 'FR' => 'France',
        'GB' => 'United Kingdom', 'IE' => 'Ireland', 'IT' => 'Italy', 'LU' => 'Luxembourg', 'NL' => 'Netherlands',
        'PL' => 'Poland', 'PT' => 'Portugal', 'US' => 'United States',
    ];
    private const REQUIRED = [
        'email' => 'Mail address', 'firstname' => 'First name', 'lastname' => 'Last name', 'street' => 'Street and number',
        'postcode' => 'Postcode', 'city' => 'City', 'country_id' => 'Country',
    ];
    private const FIELDS = ['email', 'firstname', 'lastname', 'company', 'street', 'postcode', 'city', 'country_id', 'telephone', 'note', 'shipping_method', 'payment_method'];
    private const LONGEST = 255;
    private const LONGEST_NOTE = 1000;

    /** @param array<string, string> $values */
    private function __construct(public readonly array $values)
    {
    }

    public static function from(Request $request): self
    {
        $values = [];
        foreach (self::FIELDS as $name) {
            $values[$name] = mb_substr($request->text($name), 0, $name === 'note' ? self::LONGEST_NOTE : self::LONGEST);
        }
        return new self($values);
    }

    /** @param array<string, string> $values */
    public static function empty(array $values): self
    {
        return new self($values + array_fill_keys(self::FIELDS, ''));
    }

    /** @return array<string, string> field => what is wrong */
    public function errors(array $shippingMethods, array $paymentMethods): array
    {
        $errors = [];
        foreach (self::REQUIRED as $name => $label) {
            if ($this->values[$name] === '') {
                $errors[$name] = __('%1 is missing.', __($label));
            }
        }
        if (!isset($errors['email']) && !filter_var($this->values['email'], FILTER_VALIDATE_EMAIL)) {
            $errors['email'] = __('This mail address does not look right, for example: jane@example.com');
        }
        if (!isset($errors['country_id']) && !isset(self::COUNTRIES[$this->values['country_id']])) {
            $errors['country_id'] = __('We do not deliver to this country.');
        }
        if (!isset($shippingMethods[$this->values['shipping_method']])) {
            $errors['shipping_method'] = __('Please choose how we deliver.');
        }
        if (!isset($paymentMethods[$this->values['payment_method']])) {
            $errors['payment_method'] = __('Please choose how you pay.');
        }
        return $errors;
    }

    /** @return array<string, string> columns of an address */
    public function address(): array
    {
        return array_intersect_key($this->values, array_flip(['firstname', 'lastname', 'company', 'street', 'postcode', 'city', 'country_id', 'telephone']));
    }
}
