"""What Alembic does, on a connection that `models.engine` hands over; imported late, as it is slow."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from models.columns import UTCDateTime
from models.errors import StorageOutdated
from models.search import is_of_tables
from models.tables import METADATA


def upgrade_tables(connection: Connection, revision: str, *, tell: Callable[[str], None] | None) -> None:
    with _config(connection) as config:
        config.attributes["on_version_apply"] = (lambda step, **_: tell(step.up_revision_id)) if tell else None
        command.upgrade(config, revision)


def downgrade_tables(connection: Connection, revision: str) -> None:
    with _config(connection) as config:
        command.downgrade(config, revision)


def revision_written(connection: Connection, message: str, *, number: str) -> str:
    """The path of the new file."""
    with _config(connection) as config:
        script = command.revision(config, message, autogenerate=True, rev_id=number)
    if not isinstance(script, Script):
        raise StorageOutdated("Alembic wrote no file; look at models/migrations/versions")
    return script.path


def differences_of(connection: Connection) -> list[Any]:
    options = migration_options(connection)
    metadata = options.pop("target_metadata")
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def migration_options(connection: Connection) -> dict[str, Any]:
    """How Alembic looks at the tables, here and in env.py."""
    dialect = connection.dialect.name

    def is_of_dialect(item: Any, _name: Any, _kind: str, _reflected: bool, _other: Any) -> bool:
        """Alembic does not heed `ddl_if`; what one dialect only has says so in `info` too."""
        return bool(item.info.get("dialect", dialect) == dialect)

    return {
        "target_metadata": METADATA,
        "render_as_batch": True,  # SQLite changes a table by copying it
        # SQLite shows identities and defaults in ways that would count as differences.
        "compare_server_default": dialect == "postgresql",
        "include_object": is_of_dialect,
        "include_name": is_of_tables,
        "render_item": _render_type,
    }


def _render_type(kind: str, item: Any, _context: Any) -> str | bool:
    """The history is written in types of SQLAlchemy, which stay as they are when ours change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


@contextmanager
def _config(connection: Connection) -> Iterator[Config]:
    config = Config()
    config.set_main_option("script_location", "models:migrations")  # found in an installed package too
    config.attributes["connection"] = connection
    try:
        yield config
    except CommandError as error:
        raise StorageOutdated(f"{error}; the revisions are the files of models/migrations/versions") from None
