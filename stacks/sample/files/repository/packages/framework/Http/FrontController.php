<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

use Shopkeeper\Framework\Http\Result\Raw;

/** Asks the routers of the area for an action and runs it. */
class FrontController
{
    /** @param array<string, RouterInterface> $routers asked in the order of their names */
    public function __construct(
        private readonly FormKey $formKey,
        private readonly array $routers = [],
    ) {
    }

    public function dispatch(Request $request): Response
    {
        $routers = $this->routers;
        ksort($routers);
        foreach ($routers as $router) {
            $match = $router->match($request);
            if ($match instanceof Response) {
                return $match;
            }
            if ($match !== null) {
                return $this->run($match, $request);
            }
        }
        throw new NotFoundException('No page for ' . $request->uri());
    }

    private function run(ActionInterface $action, Request $request): Response
    {
        $response = new Response();
        if (!$request->isSafe() && !$action instanceof CsrfExemptInterface && !$this->formKey->isValid($request)) {
            (new Raw('Invalid Form Key. Please go back, reload the page and try again.', status: 403))->render($response);
            return $response;
        }
        $action->execute()->render($response);
        return $response;
    }
}
