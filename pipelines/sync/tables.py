"""The tables of a target: those of the source, without what a copy in motion cannot keep.

A row is copied as it is now, and may point to one that comes with a later batch; two rows may change places in the
source and arrive one after the other; and with `--tables` the other end is not there at all. So a target has primary
keys, and plain indexes where the source has foreign keys and unique constraints. Once it has caught up, they hold.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    Double,
    Engine,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    select,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

from models.columns import UTCDateTime, is_local
from models.tables import METADATA

ROOTS = ("site", "page", "article", "author", "tag", "crawl", "fetch", "failure")
"""The tables that `change` names. Every other one that belongs to a row of these travels with it."""
LOCAL = {
    "change": "the record that a sync reads",
    "webhook": "how far this database has been posted elsewhere",
    "dead_letter": "belongs to webhook",
    "schedule": "what is crawled is decided here",
    "schedule_run": "belongs to schedule",
    "lease": "who asks for a page is decided here",
    "robots": "kept for those who ask",
    "reading": "how the runs of here went",
    "alarm": "what is told to those who run it here",
    "alarm_page": "belongs to alarm",
    "sync_target": "how far this database has been copied elsewhere",
}
"""Tables that no target gets, and why. Nor does it get columns that are local (`models.columns.LOCAL`)."""
LASTING = ("article_version",)
"""Tables whose rows are written once and do not change with their owner; and are large."""
DELETED_AT = "deleted_at"
"""Column of a root's table in a target with tombstones: null while the source has the row."""

IsMeant = Callable[[Column[Any]], ColumnElement[bool]]
ExtraColumns = Mapping[str, Sequence[Column[Any]]]
_MYSQL = ("mysql", "mariadb")


class _Moment(UTCDateTime):
    """MySQL keeps whole seconds unless told otherwise."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        is_mysql = dialect.name in _MYSQL
        return dialect.type_descriptor(mysql.DATETIME(fsp=6)) if is_mysql else super().load_dialect_impl(dialect)


@dataclass(frozen=True, slots=True)
class Root:
    """A table that `change` names and those below it: replaced together, so that no row of a target is half of one."""

    name: str
    tables: tuple[Table, ...]
    """Each after its owner."""
    owners: Mapping[str, Column[Any]]
    """By the name of an owned table: its column that points to its owner."""

    @property
    def table(self) -> Table:
        return self.tables[0]

    def owner_of(self, table: Table) -> Table:
        """The table whose rows this one's belong to."""
        (key,) = self.owners[table.name].foreign_keys
        return next(owner for owner in self.tables if owner.name == key.column.table.name)

    def where(self, table: Table, is_meant: IsMeant) -> ColumnElement[bool]:
        """The rows of one of the tables that belong to the roots whose key is meant."""
        column = self.owners.get(table.name)
        if column is None:
            return is_meant(table.c.id)
        owner = self.owner_of(table)
        if owner is self.table:
            return is_meant(table.c[column.name])
        return table.c[column.name].in_(select(owner.c.id).where(self.where(owner, is_meant)))


def mirrored_roots(extra: ExtraColumns, names: Sequence[str] = ROOTS, *, tombstones: bool = False) -> tuple[Root, ...]:
    """The same tables for source and target; `extra` are columns of the source that this version does not know."""
    metadata = MetaData()
    return tuple(_root(name, metadata, extra, tombstones=tombstones) for name in names)


def buried_keys(root: Root) -> Select[Any]:
    """Of the rows that a target with tombstones has marked as deleted."""
    return select(root.table.c.id).where(root.table.c[DELETED_AT].is_not(None))


def source_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name != DELETED_AT]


def extra_columns(source: Engine) -> dict[str, list[Column[Any]]]:
    """By table: a newer version has migrated the source, or its users have added columns of their own."""
    found = inspect(source).get_multi_columns()
    extra: dict[str, list[Column[Any]]] = {}
    for (_, name), columns in found.items():
        known = METADATA.tables.get(str(name))
        if known is None:
            continue
        for column in columns:
            if column["name"] not in known.c:
                extra.setdefault(known.name, []).append(Column(column["name"], column["type"].as_generic()))
    return extra


def owned_roots(name: str) -> Iterator[tuple[str, str]]:
    """The roots that the database deletes with a row of this one, each with its column that points here."""
    for other in ROOTS:
        for key in _owning_keys(METADATA.tables[other]):
            if key.column.table.name == name:
                yield other, key.parent.name


def _root(name: str, metadata: MetaData, extra: ExtraColumns, *, tombstones: bool) -> Root:
    owners = dict(_owned_tables(name))
    tables = [_mirror(METADATA.tables[each], metadata, extra.get(each, ())) for each in (name, *owners)]
    if tombstones:
        tables[0].append_column(Column(DELETED_AT, _Moment()))
    return Root(name, tuple(tables), owners)


def _owned_tables(owner: str) -> Iterator[tuple[str, Column[Any]]]:
    for table in METADATA.sorted_tables:
        for key in _owning_keys(table):
            if table.name not in (*ROOTS, *LOCAL) and key.column.table.name == owner:
                yield table.name, key.parent
                yield from _owned_tables(table.name)


def _owning_keys(table: Table) -> list[ForeignKey]:
    return [key for key in table.foreign_keys if key.ondelete == "CASCADE"]


def _mirror(table: Table, metadata: MetaData, extra: Sequence[Column[Any]]) -> Table:
    columns = [
        Column(
            column.name,
            _portable(column.type),
            primary_key=column.primary_key,
            nullable=bool(column.nullable),
            autoincrement=False,
        )
        for column in table.columns
        if not is_local(column)
    ]
    options: dict[str, Any] = {f"{name}_charset": "utf8mb4" for name in _MYSQL}
    options |= {f"{name}_collate": "utf8mb4_bin" for name in _MYSQL}
    if table.dialect_options["sqlite"]["with_rowid"] is False:
        options["sqlite_with_rowid"] = False
    mirrored = Table(table.name, metadata, *columns, *(Column(column.name, column.type) for column in extra), **options)
    for names in sorted({*_indexed(table)}):
        columns_of_text = {name: 191 for name in names if isinstance(table.c[name].type, Text)}
        lengths: dict[str, Any] = {f"{name}_length": columns_of_text for name in _MYSQL}
        Index(f"ix_{table.name}_{'_'.join(names)}", *(mirrored.c[each] for each in names), **lengths)
    return mirrored


def _indexed(table: Table) -> Iterator[tuple[str, ...]]:
    """Names of columns; an index that only one dialect has is left to the reader of the target."""
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield tuple(constraint.columns.keys())
    for index in table.indexes:
        is_plain = all(isinstance(expr, Column) and not is_local(expr) for expr in index.expressions)
        if is_plain and not index.dialect_options["postgresql"]["using"]:
            yield tuple(column.name for column in index.columns)


def _portable(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """What means the same on MariaDB too: its TEXT ends at 64 kB, its FLOAT is of single precision."""
    if isinstance(type_, UTCDateTime):
        return _Moment()
    if isinstance(type_, Text):
        return Text().with_variant(mysql.LONGTEXT(), *_MYSQL)
    if isinstance(type_, LargeBinary) and type_.length:
        return LargeBinary(type_.length).with_variant(mysql.VARBINARY(type_.length), *_MYSQL)
    return Double() if isinstance(type_, Float) else type_
