<?php

declare(strict_types=1);

namespace Shopkeeper\Customer\Controller\Section;

use Shopkeeper\Customer\Model\Sections;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\Json;
use Shopkeeper\Framework\Http\ResultInterface;

class Load implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly Sections $sections,
    ) {
    }

    public function execute(): ResultInterface
    {
        $names = array_filter(explode(',', $this->request->text('sections')));
        return new Json((object)$this->sections->data($names));
    }
}
