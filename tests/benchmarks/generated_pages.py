"""Pages for the benchmarks of storing: any number of them, each the same in every run."""

import random
from datetime import UTC, datetime, timedelta

from models.items import (
    Article,
    Block,
    BlockType,
    LinkItem,
    LinkList,
    LinkListKind,
    Outlink,
    OutlinkKind,
    Page,
    PageKind,
    TagItem,
    TagList,
    TagListKind,
)

_START = datetime(2026, 11, 1, tzinfo=UTC)
_WORDS = [f"word{number}" for number in range(2_000)]


def page_of(number: int, *, among: int, items: int = 10) -> Page:
    """Of about 42 rows: 10 related items, 20 outlinks, 4 tags, 2 authors and 2 images, with 5 KB of text."""
    chance = random.Random(number)  # noqa: S311  # the same page each time

    def url() -> str:
        return _url(chance.randrange(among))

    paragraphs = [" ".join(chance.choices(_WORDS, k=70)) for _ in range(items)]
    blocks = [Block(type=BlockType.PARAGRAPH, text=f"{number} {text}.") for text in paragraphs]
    images = [Block(type=BlockType.IMAGE, text="", url=f"{_url(number)}/{each}.jpg") for each in range(items // 5)]
    related = {link: LinkItem(url=link, headline=f"A headline of {link}") for link in (url() for _ in range(items))}
    tags = {chance.randrange(2_000) for _ in range(4)}
    return Page(
        url=_url(number),
        canonical_url=_url(number),
        fetched_at=_START + timedelta(seconds=number),
        status=200,
        kind=PageKind.ARTICLE,
        title=f"Headline {number} | Example",
        articles=(
            Article(
                headline=f"Headline {number}",
                blocks=(*blocks, *images),
                authors=(f"Author {number % 500}", f"Author {number % 499}"),
                date_published=_START,
                in_language="en",
            ),
        ),
        link_lists=(LinkList(kind=LinkListKind.RELATED, heading="Related", items=tuple(related.values())),),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=tuple(TagItem(name=f"Tag {tag}") for tag in sorted(tags))),),
        outlinks=tuple(Outlink(url=url(), text="A link", kind=OutlinkKind.INTERNAL) for _ in range(2 * items)),
    )


def _url(number: int) -> str:
    return f"https://news{number % 8}.example.com/2026/11/{number}.html"
