"""How a page came to be as it is, read back from its versions and lists. On both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from models.items import Article, Block, BlockType, LinkItem, LinkList, LinkListKind, Page, PageKind, TagItem, TagList
from models.items import TagListKind as Tags
from pipelines.body_changes import Edited
from pipelines.history import ListChange, list_changes, lists_between, page_history, version_change
from pipelines.store import Store
from pipelines.word_diff import Op

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
URL = "https://example.com/a"


def article(headline: str = "Ships", body: str = "Ships wait.", **facts: Any) -> Article:
    return Article(headline=headline, blocks=(Block(type=BlockType.PARAGRAPH, text=body),), **facts)


def related(*numbers: int) -> LinkList:
    items = tuple(LinkItem(url=f"https://example.com/{number}", headline=f"№ {number}") for number in numbers)
    return LinkList(kind=LinkListKind.RELATED, items=items)


def tags(*names: str, kind: Tags = Tags.ARTICLE) -> TagList:
    return TagList(kind=kind, items=tuple(TagItem(name=name) for name in names))


def page(hours: int, **parts: Any) -> Page:
    at = NOW + timedelta(hours=hours)
    made = Page(url=URL, canonical_url=URL, fetched_at=at, status=200, kind=PageKind.ARTICLE, articles=(article(),))
    return replace(made, **parts)


def write(engine: Engine, *pages: Page) -> None:
    store = Store(engine)
    for each in pages:
        store.write([each])


def told(changes: tuple[ListChange, ...]) -> list[tuple[float, str, tuple[str, ...], tuple[str, ...]]]:
    return [
        (
            (change.at - NOW) / timedelta(hours=1),
            change.difference.field,
            change.difference.gone,
            change.difference.added,
        )
        for change in changes
    ]


def test_a_page_that_was_never_read_has_no_history(engine: Engine) -> None:
    write(engine, page(0, link_lists=(related(1),)))

    assert page_history(engine, "https://example.com/1") is None
    assert page_history(engine, "https://elsewhere.example/") is None
    assert page_history(engine, "mailto:a@b") is None


def test_versions_are_those_in_which_an_article_changed(engine: Engine) -> None:
    write(
        engine, page(0), page(1), page(2, articles=(article("Ships sail"),)), page(3, articles=(article("Ships sail"),))
    )

    history = page_history(engine, f"{URL}?utm_source=x")

    assert history is not None
    assert (history.url, history.first_read_at, history.read_at) == (URL, NOW, NOW + timedelta(hours=3))
    (found,) = history.articles
    assert [(version.number, version.seen_at) for version in found.versions] == [
        (1, NOW),
        (2, NOW + timedelta(hours=2)),
    ]
    assert [version.article.headline for version in found.versions] == ["Ships", "Ships sail"]
    assert found.gone_at is None


def test_articles_of_a_page_have_histories_of_their_own(engine: Engine) -> None:
    second = replace(article("Second"), position=1)
    write(engine, page(0, articles=(article(), second)), page(1, articles=(article("Edited"),)))

    history = page_history(engine, URL)

    assert history is not None
    assert [(len(found.versions), found.gone_at) for found in history.articles] == [
        (2, None),
        (1, NOW + timedelta(hours=1)),
    ]


def test_a_change_tells_words_facts_and_nothing_that_stayed(engine: Engine) -> None:
    old, new = (
        article(source="某报", authors=("Ann",)),
        article("Ships sail", "Ships still wait.", authors=("Ann", "Bo")),
    )
    write(engine, page(0, articles=(old,)), page(1, articles=(new,)))
    history = page_history(engine, URL)
    assert history is not None

    change = version_change(*history.articles[0].versions)

    assert [(piece.op, piece.text) for piece in change.headline] == [(Op.SAME, "Ships"), (Op.ADDED, " sail")]
    assert [(fact.field, fact.gone, fact.added) for fact in change.facts] == [
        ("authors", (), ("Bo",)),
        ("source", ("某报",), ()),
    ]
    (part,) = change.body
    assert isinstance(part, Edited)
    assert [piece.text for piece in part.pieces if piece.op is Op.ADDED] == ["still "]


LISTS: list[Any] = [
    pytest.param(
        [page(0, link_lists=(related(1, 2),)), page(1), page(2, link_lists=(related(2, 3),))],
        [
            (1, "link_lists related", ("№ 1 https://example.com/1", "№ 2 https://example.com/2"), ()),
            (2, "link_lists related", (), ("№ 2 https://example.com/2", "№ 3 https://example.com/3")),
        ],
        id="gone-and-back",
    ),
    pytest.param(
        [
            page(0, link_lists=(related(1, 2),)),
            page(1, link_lists=(related(2, 3),)),
            page(2, link_lists=(related(2, 3),)),
        ],
        [(1, "link_lists related", ("№ 1 https://example.com/1",), ("№ 3 https://example.com/3",))],
        id="replaced",
    ),
    pytest.param(
        [page(0, tag_lists=(tags("Port"),)), page(1, tag_lists=(tags("Port"), tags("Rail", kind=Tags.HOT)))],
        [(1, "tag_lists hot", (), ("Rail",))],
        id="tags-by-kind",
    ),
    pytest.param(
        [page(0, tag_lists=(tags("Port", "Rail"),)), page(1, tag_lists=(tags("Rail", "Port"),))],
        [(1, "tag_lists article", (), ())],
        id="another-order",
    ),
    pytest.param([page(0, tag_lists=(tags("Port"),)), page(1, tag_lists=(tags("Port"),))], [], id="nothing"),
]


@pytest.mark.parametrize(("pages", "expected"), LISTS)
def test_entries_of_lists_come_and_go_at_the_time_they_were_first_seen_so(
    engine: Engine, pages: list[Page], expected: list[Any]
) -> None:
    # A page that shows no list changes its headline, so that its reading is known by a version.
    pages = [replace(each, articles=(article(f"at {place}"),)) for place, each in enumerate(pages)]
    write(engine, *pages)

    history = page_history(engine, URL)

    assert history is not None
    assert told(list_changes(history)) == expected


def test_lists_are_compared_between_any_two_times(engine: Engine) -> None:
    write(engine, *(page(hours, link_lists=(related(hours, hours + 1),)) for hours in range(4)))
    history = page_history(engine, URL)
    assert history is not None

    (difference,) = lists_between(history.lists, NOW, NOW + timedelta(hours=3))

    assert (len(difference.gone), len(difference.added)) == (2, 2)
    assert lists_between(history.lists, NOW, NOW) == ()
