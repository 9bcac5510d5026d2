"""Rows into files, a few at a time: what a file holds in memory does not grow with it."""

import csv
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
)

from models.columns import UTCDateTime

Columns = Sequence[Column[Any]]
# What a spreadsheet takes for a formula at the beginning of a cell; the full-width signs too, in East Asian settings.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class TableFile(Protocol):
    """One table, or one day of it. Rows are tuples in the order of the columns."""

    def write(self, rows: Sequence[Sequence[Any]]) -> None: ...

    def close(self) -> None: ...


class JsonLines:
    """A line a row: times in ISO 8601, bytes in hexadecimal, JSON as it is."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self._names = [column.name for column in columns]
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        for row in rows:
            record = dict(zip(self._names, row, strict=True))
            self._file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=_text) + "\n")

    def close(self) -> None:
        self._file.close()


class Csv:
    """UTF-8 with the mark that spreadsheets look for; an apostrophe before text that they would take for a formula."""

    def __init__(self, path: Path, columns: Columns) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow([column.name for column in columns])

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        self._writer.writerows([_cell(value) for value in row] for row in rows)

    def close(self) -> None:
        self._file.close()


class Parquet:
    """Typed columns, zstd; JSON as text."""

    def __init__(self, path: Path, columns: Columns) -> None:
        import pyarrow as pa  # noqa: PLC0415  # an optional extra
        from pyarrow import parquet as pq  # noqa: PLC0415  # the same

        fields = [pa.field(c.name, _arrow_type(c, pa), nullable=bool(c.nullable)) for c in columns]
        self._schema = pa.schema(fields)
        self._json = [isinstance(column.type, JSON) for column in columns]
        self._record_batch: Callable[..., Any] = pa.record_batch
        self._writer: Any = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        columns = [
            [None if value is None else _json(value) for value in values] if is_json else list(values)
            for values, is_json in zip(zip(*rows, strict=True), self._json, strict=True)
        ]
        self._writer.write_batch(self._record_batch(columns, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


FORMATS: dict[str, Callable[[Path, Columns], TableFile]] = {"parquet": Parquet, "jsonl": JsonLines, "csv": Csv}


def _arrow_type(column: Column[Any], pa: Any) -> Any:
    types = (
        (UTCDateTime, pa.timestamp("us", tz="UTC")),
        (BigInteger, pa.int64()),
        (Integer, pa.int64() if column.primary_key else pa.int32()),
        (Double, pa.float64()),
        (Boolean, pa.bool_()),
        (LargeBinary, pa.binary()),
    )
    return next((arrow for type_, arrow in types if isinstance(column.type, type_)), pa.string())


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _cell(value: object) -> object:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_SIGNS) else value
    if value is None or isinstance(value, bool | int | float):
        return value
    return _json(value) if isinstance(value, list | dict) else _text(value)
