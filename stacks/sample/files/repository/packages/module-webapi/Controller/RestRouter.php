<?php

declare(strict_types=1);

namespace Shopkeeper\Webapi\Controller;

use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Response;
use Shopkeeper\Framework\Http\Result\Json;
use Shopkeeper\Framework\Http\RouterInterface;
use Shopkeeper\Framework\Log\Logger;
use Shopkeeper\Framework\ObjectManager\ObjectManager;
use Shopkeeper\Store\Model\StoreManager;
use Shopkeeper\Webapi\Model\RouteList;
use Shopkeeper\Webapi\Model\Tokens;
use Shopkeeper\Webapi\Model\WebapiException;
use Throwable;

/** Answers /rest/V1/… and /rest/STORE/V1/…; every answer is JSON. */
class RestRouter implements RouterInterface
{
    public function __construct(
        private readonly RouteList $routes,
        private readonly Tokens $tokens,
        private readonly StoreManager $stores,
        private readonly ObjectManager $objectManager,
        private readonly Logger $logger,
    ) {
    }

    public function match(Request $request): ActionInterface|Response|null
    {
        $response = new Response();
        try {
            (new Json($this->call($request)))->render($response);
        } catch (WebapiException $e) {
            $body = ['message' => $e->getMessage()];
            if ($e->parameters !== []) {
                $body['parameters'] = $e->parameters;
            }
            (new Json($body, $e->getCode()))->render($response);
        } catch (Throwable $e) {
            $this->logger->exception($e);
            (new Json(['message' => 'Internal Error. Details are available in var/log/exception.log.'], 500))->render($response);
        }
        return $response;
    }

    private function call(Request $request): mixed
    {
        if (!preg_match('~^rest(?:/([a-z0-9_]+))?(/V1/.+)$~', $request->path(), $parts)) {
            throw new WebapiException('Request does not match any route.', 404);
        }
        $route = $this->routes->find($request->method(), rtrim($parts[2], '/'));
        if (!$route->isAnonymous() && !$this->isAuthorized($request)) {
            throw new WebapiException("The consumer isn't authorized to access %resources.", 401, ['resources' => implode(', ', $route->resources)]);
        }
        $work = fn () => $this->objectManager->get($route->class)->{$route->method}(new RestRequest($request, $route->parameters));
        if (in_array($parts[1], ['', 'all', 'default'], true)) {
            return $work();
        }
        try {
            $store = $this->stores->byCode($parts[1]);
        } catch (Throwable) {
            throw new WebapiException('Specified store does not exist', 404);
        }
        return $this->stores->emulate($store, $work);
    }

    private function isAuthorized(Request $request): bool
    {
        return preg_match('/^Bearer\s+(\S+)$/i', (string)$request->header('Authorization'), $match) === 1
            && $this->tokens->isValid($match[1]);
    }
}
