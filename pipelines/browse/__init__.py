"""What is stored, looked at in a web browser: pages that only read tables. Needs the extra `web`."""

from pipelines.browse.actions import Actions, Recrawled
from pipelines.browse.app import create_app
from pipelines.browse.database import open_to_read
from pipelines.browse.logins import Logins, hash_password
from pipelines.browse.remembering import Memory
from pipelines.browse.serving import Exposure, bind, server

__all__ = [
    "Actions", "Exposure", "Logins", "Memory", "Recrawled",
    "bind", "create_app", "hash_password", "open_to_read", "server",
]  # fmt: skip
