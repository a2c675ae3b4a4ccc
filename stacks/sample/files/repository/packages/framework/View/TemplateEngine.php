<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\View;

use Throwable;

class TemplateEngine
{
    public function __construct(private readonly FileResolver $files)
    {
    }

    /** @param array<string, mixed> $variables */
    public function render(View $view, string $template, array $variables = []): string
    {
        $__file = $this->files->template($template);
        $level = ob_get_level();
        ob_start();
        try {
            // A template sees its variables and $view, and no $this.
            (static function (string $__file, array $__variables, View $view): void {
                extract($__variables, EXTR_SKIP);
                include $__file;
            })($__file, $variables, $view);
            return (string)ob_get_clean();
        } catch (Throwable $e) {
            while (ob_get_level() > $level) {
                ob_end_clean();
            }
            throw $e;
        }
    }
}
