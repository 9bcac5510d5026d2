"""What tables are made of: column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, UserDefinedType

from models.identity import HASH_BYTES

KEY = BigInteger().with_variant(Integer(), "sqlite")
"""bigint; on SQLite its own 64-bit integer, which is an identity only under the name INTEGER."""

HASH = LargeBinary(HASH_BYTES)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC.

    SQLite has no time zones, and SQLAlchemy drops the offset there in silence: 14 hours wrong at +14:00. Raises
    ValueError for a naive time, whose meaning nobody knows.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an aware time expected, found {value!r}; give it a zone, as in datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction number, which `pg_snapshot_xmin` can be compared with."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        return lambda value: None if value is None else int(value)


XID = TransactionId().with_variant(Integer(), "sqlite")


class CurrentTransaction(FunctionElement[int]):
    """The number of the running transaction; null on SQLite, whose one writer needs none."""

    inherit_cache = True
    name = "current_transaction"


@compiles(CurrentTransaction)
def _null(element: CurrentTransaction, compiler: Any, **_: Any) -> str:  # noqa: ARG001  # SQLAlchemy's signature
    return "NULL"


@compiles(CurrentTransaction, "postgresql")
def _current_xact(element: CurrentTransaction, compiler: Any, **_: Any) -> str:  # noqa: ARG001  # SQLAlchemy's signature
    return "pg_current_xact_id()"


Key = Annotated[int, mapped_column(KEY, Identity(), primary_key=True)]
Place = Annotated[int, mapped_column(primary_key=True, autoincrement=False)]
"""The part of a key that tells the rows of one owner apart."""
Hash = Annotated[bytes, mapped_column(HASH)]
SMALL_ROWS = {"sqlite_with_rowid": False}
"""Table options of rows that are found by their owner only: SQLite keeps one tree for them instead of two."""
_JSON = JSON(none_as_null=True)
LOCAL = {"local": True}
"""`info` of columns that are this database's own business: no copy of the row has them."""


def is_local(column: Column[Any]) -> bool:
    return bool(column.info.get("local"))


def points_to(target: str, *, primary_key: bool = False, index: bool = False, owned: bool = True) -> Any:
    """A foreign key. An owned row goes with its owner; any other keeps its target from being deleted."""
    key = ForeignKey(target, ondelete="CASCADE" if owned else None)
    return mapped_column(KEY, key, primary_key=primary_key, index=index, autoincrement=False if primary_key else "auto")


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text(), datetime: UTCDateTime(), dict[str, Any]: _JSON, list[Any]: _JSON}  # noqa: RUF012  # SQLAlchemy's hook
