"""Search finds what articles say now, in Chinese as in English, with an index and without, and takes any words."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from sqlalchemy import Engine, text

from models.engine import differences, downgrade, open_database, reading, upgrade, writing
from models.items import Article, Block, BlockType, Page, PageKind, TagItem, TagList, TagListKind
from models.search import INDEXED, drop_search_index, make_search_index, missing_index
from pipelines.search import Question, find_articles, on_sqlite, parse_words, rebuild_index
from pipelines.store import Store
from tests.downstream import BASE, NOW, fill

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
WAREHOUSE, PORT, CRANE, ODD = "仓库与物流", "港口自动化", "Small port, new crane", "Quotes"
BODIES = {
    WAREHOUSE: "跨境电商把仓库搬到口岸。\n生成式AI应用在分拣里,物流成本降低。",
    PORT: "码头的第一台无人集卡,服务电商",
    CRANE: "They said that shipping of AI\nsupply   chain goods paid.\nÉcole",
    ODD: r'100% of "NEAR(a OR b)" is C:\ports_and* -- 5G网络 it\'s',
}


def article_page(number: int, headline: str, body: str, *, hours: int = 0, tag: str = "外贸") -> Page:
    return Page(
        url=f"{BASE if number != 2 else 'https://other.example.org'}/{number}",
        fetched_at=NOW + timedelta(hours=hours),
        kind=PageKind.ARTICLE,
        articles=(
            Article(
                headline=headline,
                blocks=tuple(Block(type=BlockType.PARAGRAPH, text=line) for line in body.split("\n")),
                date_published=NOW + timedelta(days=number),
            ),
        ),
        tag_lists=(TagList(kind=TagListKind.ARTICLE, items=(TagItem(name=f"{tag}{number % 2}"),)),),
    )


@pytest.fixture
def stored(engine: Engine) -> Engine:
    Store(engine).write([article_page(number, *item) for number, item in enumerate(BODIES.items())])
    return engine


def found(engine: Engine, asked: str, **options: object) -> list[str | None]:
    hits, _ = find_articles(engine, Question(words=parse_words(asked), **options))  # type: ignore[arg-type]
    return [hit.headline for hit in hits]


ASKED = [
    pytest.param("物流", {WAREHOUSE}, id="two-characters-in-headline-and-text"),
    pytest.param("电商", {WAREHOUSE, PORT}, id="two-characters-at-the-end-of-the-text"),
    pytest.param("口", {WAREHOUSE, PORT}, id="one-character"),
    pytest.param("港口自动化", {PORT}, id="phrase-of-chinese"),
    pytest.param("口自动", {PORT}, id="across-words"),
    pytest.param("仓库 成本", {WAREHOUSE}, id="all-words"),
    pytest.param("港口 集卡", {PORT}, id="one-in-the-headline-one-in-the-text"),
    pytest.param("物流 集卡", set(), id="words-of-two-articles"),
    pytest.param("ai", {WAREHOUSE, CRANE}, id="two-letters-are-a-whole-word"),
    pytest.param("ship", {CRANE}, id="letters-begin-a-word"),
    pytest.param("hipping", set(), id="and-do-not-end-one"),
    pytest.param("CRANE", {CRANE}, id="any-case"),
    pytest.param("école", {CRANE}, id="any-case-with-accents"),
    pytest.param('"supply chain"', {CRANE}, id="phrase-over-any-space"),
    pytest.param("“supply chain”", {CRANE}, id="typographic-quotes"),
    pytest.param('"chain supply"', set(), id="phrase-in-another-order"),
    pytest.param('"port, new', {CRANE}, id="quote-left-open"),
    pytest.param("5G", {ODD}, id="figure-and-letter"),
    pytest.param("100%", {ODD}, id="per-cent"),
    pytest.param("%", {ODD}, id="per-cent-alone"),
    pytest.param("ports_a", {ODD}, id="underscore"),
    pytest.param("p_r", set(), id="underscore-stands-for-no-letter"),
    pytest.param(r"C:\ports", {ODD}, id="backslash"),
    pytest.param("NEAR(a OR", {ODD}, id="operators"),
    pytest.param("ports_and* --", {ODD}, id="star-and-dashes"),
    pytest.param("'", {ODD}, id="apostrophe"),
]


@pytest.mark.parametrize(("asked", "headlines"), ASKED)
def test_search_finds_exactly_the_articles_with_all_words(stored: Engine, asked: str, headlines: set[str]) -> None:
    assert set(found(stored, asked)) == headlines


def test_database_without_an_index_finds_the_same_and_says_why_it_is_slow(stored: Engine) -> None:
    asked = [str(case.values[0]) for case in ASKED if "accents" not in str(case.id)]
    indexed = [found(stored, each) for each in asked]
    with writing(stored) as connection:
        drop_search_index(connection)

    hits, missing = find_articles(stored, Question(words=parse_words("物流")))

    assert [hit.headline for hit in hits] == [WAREHOUSE]
    assert "scrapy search --index" in str(missing)
    assert [found(stored, each) for each in asked] == indexed
    assert rebuild_index(stored) is None
    assert [found(stored, each) for each in asked] == indexed


@ON_SQLITE
def test_word_that_many_articles_have_is_found_without_the_index(
    stored: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("电商", "口", "ai", "口 集卡")
    expected = [found(stored, each) for each in asked]

    monkeypatch.setattr(on_sqlite, "_COMMON", 1)

    assert [found(stored, each) for each in asked] == expected
    assert all(expected)


def test_only_the_current_version_is_found(stored: Engine) -> None:
    Store(stored).write([article_page(1, PORT, "新的文字", hours=1)])

    assert found(stored, "集卡") == []
    assert found(stored, "文字") == [PORT]


def test_filters_narrow_what_is_found(stored: Engine) -> None:
    assert set(found(stored, "电商", site="example.com")) == {PORT, WAREHOUSE}
    assert found(stored, "a", site="https://other.example.org/x") == []
    assert found(stored, "new", site="example.org") == [CRANE]
    assert found(stored, "口", tag="外贸1") == [PORT]
    assert found(stored, "口", tag="外贸") == []
    assert set(found(stored, "口", since=NOW + timedelta(days=1))) == {PORT}
    assert len(found(stored, "口", limit=1)) == 1


def test_word_in_the_headline_comes_first_and_the_excerpt_shows_the_word(engine: Engine) -> None:
    long = "前面的话。" * 100
    Store(engine).write(
        [
            article_page(0, "仓库", "没有"),
            article_page(1, "别的", f"{long}一座仓库停止收货。{long}"),
            article_page(3, "其他", f"仓库仓库仓库{long}"),
        ]
    )

    hits, _ = find_articles(engine, Question(words=parse_words("仓库"), excerpt_cells=60))

    assert [hit.headline for hit in hits] == ["仓库", "其他", "别的"]
    assert hits[2].excerpt.startswith("…")
    assert "一座仓库停止收货" in hits[2].excerpt


def index_rows(engine: Engine) -> list[tuple[str, int]]:
    with reading(engine) as connection:
        return [
            (row[0], row[1]) for row in connection.execute(text("SELECT DISTINCT term, doc FROM article_search_terms"))
        ]


@ON_SQLITE
def test_triggers_keep_the_index_as_a_new_one_would_be(engine: Engine) -> None:
    fill(engine, range(8))
    fill(engine, range(3, 10), version=1)
    fill(engine, range(5, 6), version=2)
    with writing(engine) as connection:
        for statement in (
            "DELETE FROM article WHERE id = 2",
            "DELETE FROM article WHERE id = 6",  # of three versions
            "DELETE FROM article_version WHERE number = 1 AND article_id IN (SELECT id FROM article WHERE version = 2)",
            "UPDATE article_version SET article_body = '改了' WHERE article_id IN (3, 5)",
            "DELETE FROM link_item",
            "DELETE FROM outlink",
            "DELETE FROM page WHERE id = (SELECT page_id FROM article WHERE id = 1)",
        ):
            connection.execute(text(statement))
    kept = index_rows(engine)

    rebuild_index(engine)

    assert kept
    assert sorted(kept) == sorted(index_rows(engine))
    with writing(engine) as connection:
        connection.execute(text("INSERT INTO article_search (article_search) VALUES ('integrity-check')"))


@ON_POSTGRESQL
def test_postgresql_finds_two_characters_by_its_index(stored: Engine) -> None:
    plan = "EXPLAIN SELECT article_id FROM article_version WHERE {} @@ '无人'"
    with reading(stored) as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        lines = connection.exec_driver_sql(plan.format(INDEXED)).scalars().all()

    assert any("ix_article_version_search" in line for line in lines), lines


@pytest.fixture
def poor_url(postgresql_url: str) -> Iterator[str]:
    """A database whose tables belong to a role that may not create extensions."""
    name = f"poor_{postgresql_url.partition('/test_')[2][:32]}"
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        connection.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(sql.Identifier(name)))
    yield postgresql_url.replace("//postgres:", f"//{name}:")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def test_role_that_may_create_no_extension_has_the_index_all_the_same(poor_url: str) -> None:
    engine = open_database(poor_url)
    Store(engine).write([article_page(1, PORT, BODIES[PORT])])

    hits, missing = find_articles(engine, Question(words=parse_words("集卡")))

    assert ([hit.headline for hit in hits], missing) == ([PORT], None)
    assert differences(engine) == []
    with writing(engine) as connection:
        drop_search_index(connection)
    assert "scrapy search --index" in str(find_articles(engine, Question(words=parse_words("集卡")))[1])
    assert rebuild_index(engine) is None
    assert differences(engine) == []
    engine.dispose()


def index_definition(engine: Engine) -> list[str]:
    queries = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE name LIKE 'article_search%' AND sql IS NOT NULL ORDER BY name",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_article_version_search'",
    }
    with reading(engine) as connection:
        definitions = connection.execute(text(queries[engine.dialect.name])).scalars().all()
    return [" ".join(definition.split()) for definition in definitions]


def test_migration_makes_the_index_of_the_models_over_what_is_stored(stored: Engine) -> None:
    migrated = index_definition(stored)
    with writing(stored) as connection:
        make_search_index(connection)
    assert migrated == index_definition(stored) != []
    downgrade(stored, "0003")
    assert index_definition(stored) == []

    upgrade(stored)

    assert index_definition(stored) == migrated
    assert found(stored, "物流 仓库") == [WAREHOUSE]
    with reading(stored) as connection:
        assert missing_index(connection) is None


@ON_SQLITE
def test_index_that_lost_a_trigger_is_not_trusted(stored: Engine) -> None:
    with writing(stored) as connection:
        connection.execute(text("DROP TRIGGER article_search_insert"))
    Store(stored).write([article_page(7, "新的", "没有索引的文章")])

    hits, missing = find_articles(stored, Question(words=parse_words("索引")))

    assert [hit.headline for hit in hits] == ["新的"]
    assert "not whole" in str(missing)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.text(max_size=20)
    | st.sampled_from("".join(BODIES.values())).flatmap(lambda c: st.text(f'{c}"%_ \\', max_size=6))
)
def test_any_words_are_taken(stored: Engine, asked: str) -> None:
    words = parse_words(asked.encode("utf-8", "replace").replace(b"\0", b"").decode())

    hits, _ = find_articles(stored, Question(words=words))

    for hit in hits:
        whole = f"{hit.headline}\n{BODIES[str(hit.headline)]}"
        assert all(word.pattern.search(whole) for word in words)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.integers(0, 30), st.integers(1, 8))
def test_every_part_of_a_chinese_text_finds_it(stored: Engine, start: int, length: int) -> None:
    body = BODIES[WAREHOUSE].replace("AI", "").partition("\n")[0]
    part = body[start % len(body) :][:length]

    assert WAREHOUSE in found(stored, part)
