"""Clusters of articles that are nearly the same, over sites, and where they were taken from. On both databases."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from models.engine import reading, writing
from models.items import Article, Block, BlockType, Page, PageKind
from pipelines.duplicates import Cluster, NamedBy, find_clusters
from pipelines.similarity import distance, similarity_hash
from pipelines.store import Store
from pipelines.store.similarities import fill_similarities

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
ORIGINAL = "https://harbour.example/news/1"
REPRINT = "https://mirror.example/2"


def body(seed: int, count: int = 600) -> str:
    letters = random.Random(seed).choices("港口岸桥自动化远程操作覆盖泊位投资设备司机集卡无人码头年度报告", k=count)  # noqa: S311  # a text, no secret
    return "，".join("".join(letters[start : start + 15]) for start in range(0, count, 15))


def page(url: str, text_: str, *, days: int = 0, title: str | None = None, **facts: Any) -> Page:
    block = Block(type=BlockType.PARAGRAPH, text=text_)
    article = Article(headline="港口", blocks=(block,), date_published=NOW + timedelta(days=days))
    return Page(
        url=url,
        canonical_url=url,
        fetched_at=NOW,
        status=200,
        kind=PageKind.ARTICLE,
        title=title,
        articles=(replace(article, **facts),),
    )


def urls(clusters: tuple[Cluster, ...]) -> list[list[str]]:
    return [[copy.url for copy in cluster.copies] for cluster in clusters]


def test_copies_are_found_over_sites_and_the_oldest_comes_first(engine: Engine) -> None:
    store = Store(engine)
    store.write([page(REPRINT, f"{body(1)} 更多内容请关注本站公众号。", days=2), page(ORIGINAL, body(1), days=1)])
    store.write([page(f"https://harbour.example/{seed}", body(seed)) for seed in range(2, 9)])

    (cluster,) = find_clusters(engine)

    assert [(copy.url, copy.site) for copy in cluster.copies] == [
        (ORIGINAL, "harbour.example"),
        (REPRINT, "mirror.example"),
    ]
    assert cluster.copies[0].distance == 0
    assert 0 <= cluster.copies[1].distance <= 6
    assert cluster.sites == {"harbour.example", "mirror.example"}


def test_distance_decides_what_counts_as_a_copy(engine: Engine) -> None:
    short = body(1)[:400]
    Store(engine).write([page(ORIGINAL, body(1)), page(REPRINT, short, days=1)])
    bits = distance(similarity_hash(body(1)), similarity_hash(short))

    assert urls(find_clusters(engine, bits)) == [[ORIGINAL, REPRINT]]
    assert find_clusters(engine, bits - 1) == ()


def test_texts_too_short_to_compare_are_no_copies(engine: Engine) -> None:
    Store(engine).write([page(ORIGINAL, "登录后继续阅读"), page(REPRINT, "登录后继续阅读")])

    assert find_clusters(engine) == ()


def test_one_article_under_two_names_is_no_copy_of_itself(engine: Engine) -> None:
    alias = "https://harbour.example/print/1"
    store = Store(engine)
    store.write([page(alias, body(1)), page(ORIGINAL, body(1))])
    assert urls(find_clusters(engine)) == [[ORIGINAL, alias]]

    store.write([replace(page(alias, body(1)), canonical_url=ORIGINAL, fetched_at=NOW + timedelta(hours=1))])

    assert find_clusters(engine) == ()


def test_a_copy_of_an_earlier_version_is_found_and_named(engine: Engine) -> None:
    store = Store(engine)
    store.write([page(ORIGINAL, body(1)), page(REPRINT, body(1), days=1)])
    store.write([replace(page(ORIGINAL, body(2)), fetched_at=NOW + timedelta(hours=1))])
    store.write([page("https://third.example/3", body(2), days=3)])

    first, second = find_clusters(engine)

    assert [(copy.url, copy.version) for copy in first.copies] == [(ORIGINAL, 1), (REPRINT, 1)]
    assert [(copy.url, copy.version) for copy in second.copies] == [(ORIGINAL, 2), ("https://third.example/3", 1)]


def test_an_article_that_has_vanished_is_still_shown(engine: Engine) -> None:
    store = Store(engine)
    store.write([page(ORIGINAL, body(1)), page(REPRINT, body(1), days=1)])
    store.write([replace(page(ORIGINAL, ""), articles=(), fetched_at=NOW + timedelta(hours=1))])

    (cluster,) = find_clusters(engine)

    assert [copy.is_gone for copy in cluster.copies] == [True, False]


SOURCES: list[Any] = [
    pytest.param({"source_url": f"{ORIGINAL}?utm_source=x"}, ORIGINAL, NamedBy.LINK, id="link"),
    pytest.param({"source_url": "https://harbour.example/"}, ORIGINAL, NamedBy.LINK, id="link-to-the-home-page"),
    pytest.param(
        {"source_url": "https://other.example/9"},
        "https://other.example/9",
        NamedBy.LINK,
        id="link-to-what-is-not-stored",
    ),
    pytest.param({"source": "海途商评"}, ORIGINAL, NamedBy.NAME, id="name-in-the-titles-of-a-site"),
    pytest.param({"source": "Harbour.Example"}, ORIGINAL, NamedBy.NAME, id="domain"),
    pytest.param({"source": "转载网"}, None, None, id="its-own-name"),
    pytest.param({"source": "港口"}, None, None, id="headline-is-no-name"),
    pytest.param({"source": "新华社"}, None, None, id="name-of-nobody-stored"),
    pytest.param({}, None, None, id="not-said"),
]


@pytest.mark.parametrize(("facts", "reprint_of", "named_by"), SOURCES)
def test_a_reprint_points_to_its_source_as_far_as_it_says(
    engine: Engine, facts: dict[str, str], reprint_of: str | None, named_by: NamedBy | None
) -> None:
    own = page(REPRINT, body(1), days=1, title="港口 | 转载网", **facts)
    Store(engine).write([page(ORIGINAL, body(1), title="港口_要闻_海途商评"), own])

    ((original, reprint),) = [cluster.copies for cluster in find_clusters(engine)]

    assert (original.reprint_of, original.named_by) == (None, None)
    assert (reprint.reprint_of, reprint.named_by) == (reprint_of, named_by)


def test_source_that_is_an_alias_leads_to_the_canonical_page(engine: Engine) -> None:
    alias = "https://harbour.example/m/1"
    named = page(REPRINT, body(1), days=1, source_url=alias)
    Store(engine).write([named, replace(page(alias, body(1)), canonical_url=ORIGINAL)])

    (cluster,) = find_clusters(engine)

    assert [copy.reprint_of for copy in cluster.copies] == [None, ORIGINAL]


def test_versions_of_before_there_were_hashes_are_filled_once_and_recorded_as_changes(engine: Engine) -> None:
    store = Store(engine)
    store.write([page(f"https://harbour.example/{seed}", body(seed)) for seed in range(3)])
    store.write([page(REPRINT, body(1), days=1)])
    with reading(engine) as connection:
        hashes = connection.execute(text("SELECT similarity FROM article_version ORDER BY article_id")).scalars().all()
    with writing(engine) as connection:
        connection.execute(text("UPDATE article_version SET similarity = NULL WHERE article_id < 4"))
        connection.execute(text("DELETE FROM change"))
    assert find_clusters(engine) == ()

    assert list(fill_similarities(engine)) == [3]

    assert len(find_clusters(engine)) == 1
    with reading(engine) as connection:
        again = connection.execute(text("SELECT similarity FROM article_version ORDER BY article_id")).scalars().all()
        changes = connection.execute(text("SELECT table_name, row_id, op FROM change ORDER BY row_id")).all()
    assert again == hashes
    assert [tuple(change) for change in changes] == [("article", id_, "update") for id_ in (1, 2, 3)]
    assert list(fill_similarities(engine)) == []
