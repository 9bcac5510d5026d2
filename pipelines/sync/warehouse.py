"""Warehouses, through dlt: DuckDB and whatever else it loads into, fed from the same record of changes.

By itself dlt goes by `updated_at`, and misses deletes and rows that commit late. Here it is handed, for each changed
row, all that belongs to it now, and replaces that; what is gone comes as a row marked `is_gone`, which it deletes. The
position is in dlt's state, which counts only once its load is complete, and a load that comes twice changes nothing.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sqlalchemy import JSON, Boolean, Column, Connection, Double, Engine, Integer, LargeBinary, Table, literal, select

from models.columns import UTCDateTime
from models.errors import StorageUnavailable
from pipelines.snapshots import snapshot
from pipelines.sync.changes import Position, end_position, is_lost, lag_of, position_since, read_changes
from pipelines.sync.choice import Choice, Step
from pipelines.sync.copying import among
from pipelines.sync.tables import Root, mirrored_roots, source_columns

PREFIX = "dlt+"
DATASET = "triptych"
CHANGES_PER_LOAD = 20_000
"""A load costs one to three seconds of CPU, however little it brings."""
_ROOT_ID, _IS_GONE = "root_id", "is_gone"
_ROWS = 1000


@dataclass(frozen=True, slots=True)
class _Load:
    """What one load brings: everything, or the roots that have changed."""

    end: Position
    changes: int = 0
    ids: dict[str, list[int]] | None = None


class WarehouseSync:
    """Keeps one data set like the source."""

    def __init__(self, source: Engine, url: str, choice: Choice) -> None:
        self._source = source
        self._url = url
        self._choice = choice
        self._roots = mirrored_roots({}, choice.roots)

    def catch_up(self) -> Iterator[Step]:
        """A step a load. Raises StorageUnavailable."""
        while True:
            with self._pipeline() as pipeline, snapshot(self._source, is_long=True) as connection:
                load = self._next(connection, self._position(pipeline, connection))
                if load is None:
                    return
                rows = self._run(pipeline, connection, load)
            yield Step(rows, done=load.changes, changes=load.changes)

    def left(self) -> int:
        """Changes to load."""
        return self.lag()[0]

    def lag(self) -> tuple[int, float]:
        """Changes not loaded yet, and the age of the oldest in seconds."""
        with self._pipeline() as pipeline, snapshot(self._source) as connection:
            position = self._position(pipeline, connection) or Position()
            lag = lag_of(connection, position, tables=self._choice.roots)
        return lag.changes, lag.seconds

    def _position(self, pipeline: Any, connection: Connection) -> Position | None:
        """None where there is nothing yet, and everything is to be loaded."""
        state = pipeline.state.get("sources", {}).get(DATASET, {})
        if "position" in state:
            return Position(*state["position"])
        return position_since(connection, self._choice.since) if self._choice.since else None

    def _next(self, connection: Connection, position: Position | None) -> _Load | None:
        if position is None or is_lost(connection, position):
            return _Load(end_position(connection))
        batch = read_changes(connection, position, tables=self._choice.roots, limit=CHANGES_PER_LOAD)
        return _Load(batch.end, batch.changes, batch.ids) if batch else None

    def _run(self, pipeline: Any, connection: Connection, load: _Load) -> int:
        dlt = _dlt()
        counted = [0]

        def rows_of(root: Root, table: Table) -> Iterator[list[dict[str, Any]]]:
            for rows in _rows(connection, root, table, None if load.ids is None else load.ids.get(root.name, [])):
                counted[0] += sum(not row[_IS_GONE] for row in rows)
                yield rows

        def progress() -> Iterator[dict[str, int]]:
            dlt.current.source_state()["position"] = [load.end.xid, load.end.seq]
            yield {"xid": load.end.xid, "seq": load.end.seq}

        @dlt.source(name=DATASET)  # type: ignore[untyped-decorator]  # an optional package without types
        def everything() -> Any:
            for root in self._roots:
                for table in root.tables:
                    yield dlt.resource(
                        rows_of(root, table), name=table.name, **_hints(table, is_first=load.ids is None)
                    )
            yield dlt.resource(progress(), name="sync_progress", write_disposition="append")

        try:
            pipeline.run(everything())
        except Exception as error:  # dlt wraps whatever its destination raises, in classes of each step
            raise StorageUnavailable(
                f"{self._url.partition('://')[0]}: {_without_password(error, self._url)}"
            ) from error
        return counted[0]

    @contextmanager
    def _pipeline(self) -> Iterator[Any]:
        """With a working folder that is thrown away: what it has not completed is made anew from the position."""
        dlt = _dlt()
        kind, _, rest = self._url.removeprefix(PREFIX).partition("://")
        destination = getattr(dlt.destinations, kind, None)
        if destination is None:
            raise StorageUnavailable(f"dlt has no destination {kind}; write it as dlt+duckdb:///FILE")
        credentials = rest.removeprefix("/") if kind == "duckdb" else f"{kind}://{rest}"
        with tempfile.TemporaryDirectory(prefix="triptych-dlt-") as folder:
            pipeline = dlt.pipeline(
                DATASET, pipelines_dir=folder, destination=destination(credentials=credentials), dataset_name=DATASET
            )
            pipeline.sync_destination()
            yield pipeline


def _without_password(error: Exception, url: str) -> str:
    """Of a message that dlt or a driver of it has made."""
    user = url.partition("://")[2].rpartition("@")[0]
    told = str(error)
    for password in filter(None, (user.partition(":")[2], unquote(user.partition(":")[2]))):
        told = told.replace(password, "***")
    return told


def _dlt() -> Any:
    os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")  # nothing is told to others unless the user says so
    try:
        import dlt  # noqa: PLC0415  # an optional extra
    except ModuleNotFoundError:
        raise StorageUnavailable("dlt is not installed; run: pip install 'triptych[dlt]'") from None
    return dlt


def _hints(table: Table, *, is_first: bool) -> dict[str, Any]:
    """Types are told, not guessed: a column that is empty today is there, and is tomorrow of the same type."""
    columns: dict[str, dict[str, Any]] = {column.name: {"data_type": _data_type(column)} for column in table.columns}
    columns[_ROOT_ID] = {"data_type": "bigint"}
    columns[_IS_GONE] = {"data_type": "bool"} | ({} if is_first else {"hard_delete": True})
    return {
        "columns": columns,
        "merge_key": _ROOT_ID,
        "write_disposition": "replace" if is_first else {"disposition": "merge", "strategy": "delete-insert"},
    }


def _data_type(column: Column[Any]) -> str:
    types = ((JSON, "json"), (UTCDateTime, "timestamp"), (Boolean, "bool"), (Integer, "bigint"), (Double, "double"))
    found = (name for type_, name in (*types, (LargeBinary, "binary")) if isinstance(column.type, type_))
    return next(found, "text")


def _rows(
    connection: Connection, root: Root, table: Table, ids: Sequence[int] | None
) -> Iterator[list[dict[str, Any]]]:
    """The rows below these roots, or all; and one marked as gone for each root that has none here."""
    query = select(*source_columns(table), _root_id(root, table).label(_ROOT_ID), literal(False).label(_IS_GONE))
    if ids is None:
        yield from _partitions(connection, query)
        return
    for start in range(0, len(ids), _ROWS):
        wanted = ids[start : start + _ROWS]
        found: set[int] = set()
        for rows in _partitions(connection, query.where(root.where(table, among(connection, wanted)))):
            found.update(row[_ROOT_ID] for row in rows)
            yield rows
        if empty := [{_ROOT_ID: id_, _IS_GONE: True} for id_ in wanted if id_ not in found]:
            yield empty


def _partitions(connection: Connection, query: Any) -> Iterator[list[dict[str, Any]]]:
    for rows in connection.execute(query.execution_options(yield_per=_ROWS)).mappings().partitions():
        yield [dict(row) for row in rows]


def _root_id(root: Root, table: Table) -> Any:
    if table is root.table:
        return table.c.id
    owner, pointer = root.owner_of(table), table.c[root.owners[table.name].name]
    if owner is root.table:
        return pointer
    return select(_root_id(root, owner)).where(owner.c.id == pointer).scalar_subquery()
