"""Statements over many keys: the same rows in few forms, so that a connection need not prepare each anew."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from models.engine import writing
from models.tables import METADATA
from pipelines.store.bulk import bulk_of, padded

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TAG = METADATA.tables["tag"]


@given(st.lists(st.integers()))
def test_padded_keys_are_the_same_keys_and_a_power_of_two(keys: list[int]) -> None:
    found = padded(keys)

    assert found[: len(keys)] == keys
    assert set(found) == set(keys)
    assert len(found) & (len(found) - 1) == 0
    assert len(found) < 2 * len(keys) or found == []


def test_keys_of_any_number_are_looked_up_by_few_statements(engine: Engine) -> None:
    said: set[str] = set()
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: said.add(statement))

    with writing(engine) as connection:
        for count in range(1, 130):
            bulk_of(connection).select((TAG.c.id,), TAG.c.id, range(count))

    assert len([statement for statement in said if statement.startswith("SELECT")]) <= 9  # 1, 2, 4, … 256


def test_rows_are_found_and_deleted_once_however_their_keys_are_padded(engine: Engine) -> None:
    with writing(engine) as connection:
        bulk = bulk_of(connection)
        bulk.insert_values(
            TAG, ("id", "name", "name_hash", "first_seen_at"), [(n, str(n), bytes([n] * 16), NOW) for n in range(1, 8)]
        )

        found = bulk.select((TAG.c.id,), TAG.c.id, [1, 2, 3, 4, 5])
        bulk.delete(TAG, TAG.c.id, [1, 2, 3])
        left = bulk.select((TAG.c.id,), TAG.c.id, range(1, 8))

    assert sorted(row["id"] for row in found) == [1, 2, 3, 4, 5]
    assert sorted(row["id"] for row in left) == [4, 5, 6, 7]
