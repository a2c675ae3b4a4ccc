<?php

declare(strict_types=1);

namespace Shopkeeper\CatalogSearch\Controller\Result;

use Shopkeeper\Catalog\Model\Listing\ListingBuilder;
use Shopkeeper\CatalogSearch\Model\SearchException;
use Shopkeeper\CatalogSearch\Model\SearchSourceFactory;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Http\ServiceUnavailableException;
use Shopkeeper\Framework\Url\UrlInterface;

class Index implements ActionInterface
{
    private const LONGEST = 128;

    public function __construct(
        private readonly Request $request,
        private readonly SearchSourceFactory $sources,
        private readonly ListingBuilder $listings,
        private readonly PageFactory $pages,
        private readonly UrlInterface $url,
    ) {
    }

    public function execute(): ResultInterface
    {
        $text = mb_substr($this->request->text('q'), 0, self::LONGEST);
        if ($text === '') {
            return new Redirect($this->url->get());
        }
        try {
            $listing = $this->listings->build($this->sources->create(['text' => $text]), ['q' => $text]);
        } catch (SearchException $e) {
            throw new ServiceUnavailableException(__('search engine'), $e->getMessage(), $e);
        }
        return $this->pages->create()
            ->content('Shopkeeper_CatalogSearch::result.phtml', ['text' => $text, 'listing' => $listing])
            ->title(__('Search results for “%1”', $text))
            ->set('bodyClass', 'catalogsearch-result-index')
            ->set('robots', 'noindex,follow')
            ->set('breadcrumbs', [[__('Home'), ''], [__('Search'), null]]);
    }
}
