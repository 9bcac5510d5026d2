"""Files say what the tables say, in types, one part a day; a folder appears whole or not at all."""

import csv
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from models.engine import open_database, reading, writing
from pipelines.exports import Exported, export_tables
from pipelines.exports.formats import Csv
from pipelines.sync.tables import mirrored_roots
from tests.conftest import RunScrapy
from tests.downstream import NOW, fill, sums

parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed: pip install 'triptych[export]'")


def export(engine: Engine, folder: Path, format_name: str, **options: Any) -> list[Exported]:
    """The rows of each table, in all."""
    rows: Counter[str] = Counter()
    for each in export_tables(engine, folder, format_name, **options):
        rows[each.table] += each.rows
    return [Exported(table, count) for table, count in rows.items()]


def test_parquet_has_every_row_with_its_types_in_the_part_of_its_day(engine: Engine, tmp_path: Path) -> None:
    fill(engine, range(6))
    fill(engine, range(4, 8), version=48)

    exported = export(engine, tmp_path / "all", "parquet")

    assert {each.table: each.rows for each in exported} == {name: each.rows for name, each in sums(engine).items()}
    versions = parquet.read_table(tmp_path / "all" / "article_version")
    assert versions.num_rows == 10
    assert set(versions["day"].to_pylist()) == {"2026-11-23", "2026-11-25"}
    assert {str(versions.schema.field(name).type) for name in ("seen_at", "confidence", "content_hash", "blocks")} == {
        "timestamp[us, tz=UTC]", "double", "binary", "string",
    }  # fmt: skip
    row = min(versions.to_pylist(), key=lambda row: row["article_id"])
    assert row["headline"] == "仓库 0, edition 0 🏬"
    assert row["date_published"] == NOW - timedelta(microseconds=1)
    assert json.loads(row["authors"]) == ["Author 0"]
    assert set(parquet.read_table(tmp_path / "all" / "link_item")["day"].to_pylist()) == {"2026-11-23", "2026-11-25"}


@pytest.mark.parametrize("format_name", ["jsonl", "csv"])
def test_text_files_have_every_row(engine: Engine, tmp_path: Path, format_name: str) -> None:
    fill(engine, range(5))

    export(engine, tmp_path / "all", format_name)

    for root in mirrored_roots({}):
        for table in root.tables:
            with (tmp_path / "all" / f"{table.name}.{format_name}").open(encoding="utf-8-sig", newline="") as file:
                read: list[dict[str, Any]] = list(
                    map(json.loads, file) if format_name == "jsonl" else csv.DictReader(file)
                )
            assert len(read) == sums(engine)[table.name].rows
            assert all(row.keys() == set(table.c.keys()) for row in read)


def test_since_takes_what_has_changed_with_all_that_belongs_to_it(engine: Engine, tmp_path: Path) -> None:
    fill(engine, range(5))
    fill(engine, [3], version=2)

    exported = export(engine, tmp_path / "new", "jsonl", roots=("article",), since=NOW + timedelta(hours=1))

    assert {each.table: each.rows for each in exported}["article_version"] == 2
    assert {each.table: each.rows for each in exported}["article"] == 1


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@a", "\ta", "\ra", "＝1"])
def test_cell_that_a_spreadsheet_would_run_is_made_text(tmp_path: Path, value: str) -> None:
    (site,) = mirrored_roots({}, ("site",))
    file = Csv(tmp_path / "site.csv", list(site.table.columns))

    file.write([(-1, value, datetime(2026, 1, 1, tzinfo=UTC))])
    file.close()

    with (tmp_path / "site.csv").open(encoding="utf-8-sig", newline="") as read:
        assert list(csv.reader(read))[1] == ["-1", f"'{value}", "2026-01-01T00:00:00+00:00"]


def test_export_that_fails_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    fill(engine, range(2))
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE failure"))

    with pytest.raises(SQLAlchemyError):
        export(engine, tmp_path / "out" / "all", "jsonl")

    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_folder_that_is_there_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError, match="is there already"):
        export(engine, tmp_path, "csv")

    with reading(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_command_writes_a_folder_and_says_how_much(run_scrapy: RunScrapy, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    fill(engine, range(3))
    engine.dispose()

    done = run_scrapy("export", "--format", "csv", "--tables", "tag", tmp_path / "out")
    again = run_scrapy("export", "--format", "csv", tmp_path / "out")

    assert done.returncode == 0, done.stderr
    assert "3 rows written" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["tag.csv"]
    assert again.returncode == 1
    assert "is there already; name another folder" in again.stderr
