"""The hashes of versions that were stored before there were any: made from their bodies, a few at a time."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine, Row, bindparam, select, tuple_, update

from models.engine import reading, writing
from models.tables import METADATA
from pipelines.similarity import similarity_hashes
from pipelines.store.bulk import bulk_of
from pipelines.store.changes import Changes

VERSION = METADATA.tables["article_version"]
_KEY = (VERSION.c.article_id, VERSION.c.number)
# A few megabytes of bodies, and a transaction too short for another writer to wait for.
_AT_ONCE = 200
_Missing = Row[int, int, str]


def fill_similarities(engine: Engine) -> Iterator[int]:
    """How many have been filled, after each transaction. A kill costs the one it hits; the next call goes on there.

    Each filled article is recorded as changed, so that a sync brings its hashes to the targets. Beside a running crawl
    it may miss versions that an older program writes meanwhile.
    """
    last = (0, 0)
    done = 0
    while rows := _missing(engine, last):
        with writing(engine) as connection:
            own = [column == bindparam(f"own_{column.name}") for column in _KEY]
            statement = update(VERSION).where(*own).values(similarity=bindparam("made"))
            connection.execute(statement, _filled(rows))
            changes = Changes()
            changes.add("article", dict.fromkeys(row.article_id for row in rows), "update")
            changes.write(bulk_of(connection), datetime.now(UTC))
        last = (rows[-1].article_id, rows[-1].number)
        done += len(rows)
        yield done


def _missing(engine: Engine, after: tuple[int, int]) -> Sequence[_Missing]:
    columns = (*_KEY, VERSION.c.article_body)
    missing = select(*columns).where(VERSION.c.similarity.is_(None), tuple_(*_KEY) > after)
    with reading(engine) as connection:
        return connection.execute(missing.order_by(*_KEY).limit(_AT_ONCE)).all()


def _filled(rows: Sequence[_Missing]) -> list[dict[str, int]]:
    hashes = similarity_hashes(row.article_body for row in rows)
    return [
        {"own_article_id": row.article_id, "own_number": row.number, "made": made}
        for row, made in zip(rows, hashes, strict=True)
    ]
