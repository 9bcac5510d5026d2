"""Somebody else's WARC files, indexed: which responses they have, by time, by URL and by what repeats them.

The index is an SQLite file of a run, so that memory stays flat, and readable from other processes.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.identity import page_url
from models.items import ArchivePlace
from pipelines.archive.records import NOT_MODIFIED, RESPONSE, RecordFault, parse_date, parse_http, show_date, target_of
from pipelines.archive.scanning import Damaged, Scanned, scan

_SHAPE = """
    CREATE TABLE source (id INTEGER PRIMARY KEY, path TEXT UNIQUE);
    CREATE TABLE record (
        id INTEGER PRIMARY KEY, url TEXT, at TEXT, is_other INTEGER, kind TEXT, source INTEGER, place INTEGER,
        length INTEGER, is_packed INTEGER, name TEXT, digest TEXT, original_name TEXT, original_url TEXT,
        original_at TEXT, archive_file TEXT, archive_offset INTEGER);
    CREATE INDEX by_time ON record (at, is_other, id);
    CREATE INDEX by_url ON record (url, at);
    CREATE INDEX by_name ON record (name);
    CREATE INDEX by_digest ON record (digest);
"""
_COLUMNS = "record.*, path"
_ROWS = 500
IsPage = Callable[[str, int, str | None], bool]
"""URL, status, content type: whether a crawl would have asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """One response, or what says that it was the same as another."""

    id: int
    url: str
    """Normalised."""
    at: datetime
    kind: str
    """response; revisit of the same payload; unchanged, as the server said."""
    path: Path
    offset: int
    length: int
    is_packed: bool
    digest: str | None
    """Of the payload, as it stands in the record."""
    original_name: str | None
    """Of a revisit, as the next two: the record's id, URL and time of the response that it repeats."""
    original_url: str | None
    original_at: datetime | None


class ForeignIndex:
    """Made once by `add`; then read, here or in other processes. Not for two threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        is_new = not path.exists()
        self._connection = sqlite3.connect(path)
        self._connection.row_factory = sqlite3.Row
        # A file of a run: what a killed one leaves is thrown away.
        self._connection.execute("PRAGMA synchronous = OFF")
        if is_new:
            self._connection.executescript(_SHAPE)
        self.skipped: Counter[str] = Counter()
        """Why records are not in it: not_pages, damaged."""

    def add(self, path: Path, scratch: Path, *, is_page: IsPage, tell: Callable[[str], None]) -> Iterator[int]:
        """Bytes of the file that have been read, now and then. Raises OSError."""
        found = 0
        for each in scan(path, scratch):
            if isinstance(each, Damaged):
                self._damaged(path, each.offset, each.reason, tell)
                continue
            found += 1
            try:
                self._add(each, is_page)
            except RecordFault as fault:
                self._damaged(path, each.offset, str(fault), tell)
            yield each.scanned_bytes
        self._connection.commit()
        self.skipped["no_records"] += not found

    def _damaged(self, path: Path, offset: int, reason: str, tell: Callable[[str], None]) -> None:
        self.skipped["damaged"] += 1
        tell(f"{path.name}, record at {offset:,} skipped: {reason}")

    def _add(self, found: Scanned, is_page: IsPage) -> None:
        kind = _kind_of(found)
        if kind is None:  # requests, and what a tool says of itself
            return
        fields, url = found.fields, page_url(target_of(found.fields))
        status, content_type = _answer_of(found, kind)
        if url is None or not is_page(url, status, content_type):
            self.skipped["not_pages"] += 1
            return
        self._connection.execute("INSERT OR IGNORE INTO source (path) VALUES (?)", (str(found.path),))
        self._connection.execute(
            "INSERT INTO record SELECT NULL, ?, ?, ?, ?, id, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL "
            "FROM source WHERE path = ?",
            (
                *(url, show_date(parse_date(fields.get("warc-date"))), status != 200, kind),
                *(found.offset, found.length, found.is_packed, fields.get("warc-record-id")),
                *(fields.get("warc-payload-digest"), fields.get("warc-refers-to")),
                page_url(fields.get("warc-refers-to-target-uri", "").strip("<>")),
                _optional_date(fields.get("warc-refers-to-date")),
                str(found.path),
            ),
        )

    def count(self) -> int:
        found: int = self._connection.execute("SELECT count(*) FROM record").fetchone()[0]
        return found

    def in_order(self) -> Iterator[list[Foreign]]:
        """All of them in the order of time, some hundreds at once. Of one moment, what was found comes first."""
        after: tuple[Any, ...] = ("", 0, 0)
        while True:
            rows = self._select("WHERE (at, is_other, record.id) > (?, ?, ?) ORDER BY at, is_other, record.id", after)
            if not rows:
                return
            after = (rows[-1]["at"], rows[-1]["is_other"], rows[-1]["id"])
            yield [_foreign(row) for row in rows]

    def original_of(self, revisit: Foreign) -> Foreign | None:
        """The response that has its payload, by the best of what it says of it."""
        at = show_date(revisit.original_at) if revisit.original_at else None
        searches = (
            ("WHERE kind = 'response' AND name = ?", (revisit.original_name,)),
            ("WHERE kind = 'response' AND url = ? AND at = ?", (revisit.original_url, at)),
            ("WHERE kind = 'response' AND digest = ? ORDER BY url <> ?, at", (revisit.digest, revisit.url)),
        )
        for condition, values in searches:
            if values[0] and (rows := self._select(condition, values)):
                return _foreign(rows[0])
        return None

    def nearest(self, url: str, at: datetime) -> Foreign | None:
        """The response of a URL that was fetched nearest to this time."""
        rows = self._select("WHERE kind = 'response' AND NOT is_other AND url = ? ORDER BY at", (page_url(url),))
        return min(map(_foreign, rows), key=lambda each: abs(each.at - at), default=None)

    def note_archived(self, id_: int, place: ArchivePlace) -> None:
        self._connection.execute(
            "UPDATE record SET archive_file = ?, archive_offset = ? WHERE id = ?", (place.file, place.offset, id_)
        )
        self._connection.commit()  # other processes read

    def place_of(self, id_: int) -> ArchivePlace | None:
        """Where a record was copied to in this run."""
        query = "SELECT archive_file, archive_offset FROM record WHERE id = ? AND archive_file IS NOT NULL"
        row = self._connection.execute(query, (id_,)).fetchone()
        return ArchivePlace(file=row[0], offset=row[1]) if row else None

    def close(self) -> None:
        self._connection.close()

    def _select(self, condition: str, values: tuple[Any, ...]) -> list[sqlite3.Row]:
        statement = f"SELECT {_COLUMNS} FROM record JOIN source ON source.id = source {condition} LIMIT {_ROWS}"  # noqa: S608  # nosec B608  # constants of this file
        return self._connection.execute(statement, values).fetchall()


def _kind_of(found: Scanned) -> str | None:
    kind, profile = found.fields.get("warc-type"), found.fields.get("warc-profile", "")
    if kind == "revisit":
        return "unchanged" if profile.rpartition("/")[2] == NOT_MODIFIED.rpartition("/")[2] else "revisit"
    # A page as a browser made it, as our own archives have it; others convert to plain text.
    return RESPONSE if kind in (RESPONSE, "conversion") else None


def _answer_of(found: Scanned, kind: str) -> tuple[int, str | None]:
    """Status and content type. Raises RecordFault where a response has none."""
    if found.fields.get("warc-type") == "conversion":
        return 200, found.fields.get("content-type")
    if kind != RESPONSE:
        return (304 if kind == "unchanged" else 200), None
    head = parse_http(found.start)
    return head.status, head.get("content-type")


def _optional_date(text: str | None) -> str | None:
    try:
        return show_date(parse_date(text)) if text else None
    except RecordFault:
        return None


def _foreign(row: sqlite3.Row) -> Foreign:
    return Foreign(
        id=row["id"],
        url=row["url"],
        at=parse_date(row["at"]),
        kind=row["kind"],
        path=Path(row["path"]),
        offset=row["place"],
        length=row["length"],
        is_packed=bool(row["is_packed"]),
        digest=row["digest"],
        original_name=row["original_name"],
        original_url=row["original_url"],
        original_at=parse_date(row["original_at"]) if row["original_at"] else None,
    )
