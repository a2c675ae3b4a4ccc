<?php

declare(strict_types=1);

namespace Shopkeeper\Webapi\Controller;

use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Webapi\Model\WebapiException;

/** What a service gets: the parameters of the path, the query and the JSON that was sent. */
final class RestRequest
{
    private const LARGEST_PAGE = 300;

    /** @param array<string, string> $path */
    public function __construct(
        private readonly Request $request,
        private readonly array $path,
    ) {
    }

    public function path(string $name): string
    {
        return $this->path[$name] ?? '';
    }

    public function body(): array
    {
        $data = json_decode($this->request->body(), true);
        if (!is_array($data)) {
            throw new WebapiException('Decoding error: the body is no JSON object.');
        }
        return $data;
    }

    /** @return array{page: int, size: int, filters: array<string, string>} of searchCriteria */
    public function criteria(): array
    {
        $criteria = (array)$this->request->query('searchCriteria', []);
        $filters = [];
        foreach ((array)($criteria['filter_groups'] ?? $criteria['filterGroups'] ?? []) as $group) {
            foreach ((array)($group['filters'] ?? []) as $filter) {
                $filters[(string)($filter['field'] ?? '')] = (string)($filter['value'] ?? '');
            }
        }
        return [
            'page' => max(1, (int)($criteria['currentPage'] ?? $criteria['current_page'] ?? 1)),
            'size' => min(self::LARGEST_PAGE, max(1, (int)($criteria['pageSize'] ?? $criteria['page_size'] ?? 20))),
            'filters' => $filters,
        ];
    }
}
