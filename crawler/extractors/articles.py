"""The articles of a page: body blocks, facts, and where they stand, put together."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from crawler.extractors.body.declared import declared_blocks
from crawler.extractors.body.finder import BodyBlocks
from crawler.extractors.body.typed_blocks import typed_blocks
from crawler.extractors.dump.promotions import BodyLine, LabelledLink
from crawler.extractors.dump.run_together import Part, Split, split_body
from crawler.extractors.metadata import Metadata
from crawler.extractors.tree.outline import Outline
from crawler.markup.links import absolute_url
from crawler.markup.names import Byline, parse_byline
from models.items import Article, LinkItem, LinkList, LinkListKind, Origin, Outlink, OutlinkKind

_CODE = frozenset({"pre", "code"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Assembled:
    """The articles, and what stood in their bodies and is none of it."""

    articles: tuple[Article, ...]
    promotions: tuple[LinkList, ...] = ()
    broken: tuple[Outlink, ...] = ()


def assemble_articles(outline: Outline, body: BodyBlocks, metadata: Metadata, *, claimed: frozenset[int]) -> Assembled:
    """One article for most pages; more where several run together; none where neither markup nor JSON has a body.

    `claimed` blocks belong to other panels.
    """
    declared = declared_blocks(outline, body)
    if declared:
        article = _with_facts(Article(blocks=declared, confidence=0.6), metadata, Origin.STRUCTURED)
        return Assembled((article,))
    if not body.numbers:
        return Assembled(())
    span = [n for n in range(min(body.numbers), max(body.numbers) + 1) if n not in claimed]
    has_code = not _CODE.isdisjoint(outline.tags)
    split = split_body([_line(outline, number, has_code=has_code) for number in span])
    articles = tuple(_articles(outline, body, metadata, split=split, span=span))
    promotion = _promotion(outline, split, span)
    return Assembled(articles, (promotion,) if promotion else (), _broken(split))


def _line(outline: Outline, number: int, *, has_code: bool) -> BodyLine:
    """`has_code` is true of the page: most have none, and are spared a walk to the root for each line."""
    block = outline.blocks[number]
    links = outline.anchors[block.anchors.start : block.anchors.stop]
    return BodyLine(
        block.text,
        is_heading=block.tag in _HEADINGS,
        links=tuple([LabelledLink(link.text, link.href) for link in links if link.text]) if links else (),
        is_code=has_code and outline.closest(block.node, _CODE) is not None,
    )


def _articles(
    outline: Outline, body: BodyBlocks, metadata: Metadata, *, split: Split, span: list[int]
) -> Iterator[Article]:
    texts = {span[line]: text for line, text in split.texts.items()}
    alone = len(split.parts) == 1
    for position, part in enumerate(split.parts):
        numbers = frozenset(span[line] for line in part.lines) & body.numbers
        if not numbers:
            continue
        blocks = typed_blocks(
            outline, numbers, container=body.container if alone else None, texts=texts, types=body.types
        )
        article = Article(
            position=position,
            headline=part.headline,
            blocks=blocks,
            xpath=_xpath(outline, body, numbers, alone=alone),
            confidence=round(body.confidence, 3),
        )
        if position == 0:
            article = _with_facts(article, metadata, Origin.GENERIC)
        else:
            article = replace(article, in_language=metadata.in_language, origins={"article_body": Origin.GENERIC})
        yield _with_byline(article, part)


def _xpath(outline: Outline, body: BodyBlocks, numbers: frozenset[int], *, alone: bool) -> str | None:
    if alone and body.nodes:
        return " | ".join(outline.xpath(node) for node in body.nodes)
    first, last = outline.blocks[min(numbers)].node, outline.blocks[max(numbers)].node
    return outline.xpath(outline.common_ancestor(first, last))


def _with_facts(article: Article, metadata: Metadata, origin: Origin) -> Article:
    return replace(
        article,
        headline=metadata.headline,
        authors=metadata.authors,
        source=metadata.source,
        source_url=metadata.source_url,
        date_published=metadata.date_published,
        date_modified=metadata.date_modified,
        date_text=metadata.date_text,
        in_language=metadata.in_language,
        section=metadata.section,
        description=metadata.description,
        main_image=metadata.main_image,
        origins={**metadata.origins, "article_body": origin},
    )


def _with_byline(article: Article, part: Part) -> Article:
    """The byline that ends an article names its authors more surely than the page around several does."""
    byline: Byline | None = parse_byline(part.byline) if part.byline else None
    if byline is None:
        return article
    return replace(article, authors=byline.authors or article.authors, source=byline.source or article.source)


def _promotion(outline: Outline, split: Split, span: list[int]) -> LinkList | None:
    base = outline.document.base_url
    nodes = dict.fromkeys(outline.blocks[span[line]].node for line in split.promotion_lines)
    items: dict[str, LinkItem] = {}
    for link in split.promotion_links:
        url = absolute_url(base, link.url)
        if url:
            items.setdefault(url, LinkItem(url=url, headline=link.label))
    if not items:
        return None
    xpath = " | ".join(map(outline.xpath, nodes))
    return LinkList(kind=LinkListKind.PROMOTION, items=tuple(items.values()), xpath=xpath)


def _broken(split: Split) -> tuple[Outlink, ...]:
    return tuple(Outlink(url=url, text=None, kind=OutlinkKind.BROKEN) for url in dict.fromkeys(split.broken_urls))
