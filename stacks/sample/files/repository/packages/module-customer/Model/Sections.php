<?php

declare(strict_types=1);

namespace Shopkeeper\Customer\Model;

/** Sections that modules offer in di.xml. */
class Sections
{
    /** @param array<string, SectionInterface> $sections */
    public function __construct(private readonly array $sections = [])
    {
    }

    /**
     * @param string[] $names none means all
     * @return array<string, array<string, mixed>>
     */
    public function data(array $names): array
    {
        $wanted = $names === [] ? $this->sections : array_intersect_key($this->sections, array_flip($names));
        return array_map(static fn (SectionInterface $section) => $section->data(), $wanted);
    }
}
