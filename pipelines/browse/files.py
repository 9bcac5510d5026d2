"""Lists as files: CSV for spreadsheets, JSON lines for everything else."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

MOST_WRITTEN = 10_000
# What a spreadsheet takes for a formula at the beginning of a cell.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")

Record = Mapping[str, Any]


def file_answer(request: Request, name: str, *, columns: Sequence[str], records: Iterable[Record]) -> Response:
    """In the form that the address ends in; at most 10,000 records, each with all of the columns."""
    form = request.path_params["form"]
    if form not in ("csv", "jsonl"):
        raise HTTPException(404, f"{name}.csv and {name}.jsonl are what there is")
    rows = islice(records, MOST_WRITTEN)
    lines, media_type = (csv_lines(columns, rows), "text/csv") if form == "csv" else (json_lines(rows), _JSON_LINES)
    return StreamingResponse(
        lines,
        media_type=f"{media_type}; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}.{form}"'},
    )


_JSON_LINES = "application/x-ndjson"


def csv_lines(columns: Sequence[str], records: Iterable[Record]) -> Iterator[str]:
    """With the mark that spreadsheets look for, and an apostrophe before what they would take for a formula."""
    yield "\ufeff" + _csv_line(columns)
    for record in records:
        yield _csv_line(_cell(record[name]) for name in columns)


def json_lines(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        yield json.dumps(record, ensure_ascii=False, default=datetime.isoformat) + "\n"


def _csv_line(cells: Iterable[Any]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    elif isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    elif isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_SIGNS) else value
