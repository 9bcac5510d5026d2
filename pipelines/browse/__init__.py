"""What is stored, looked at in a web browser: pages that only read tables. Needs the extra `web`."""

from pipelines.browse.app import create_app
from pipelines.browse.database import open_to_read
from pipelines.browse.serving import HOST, bind, server

__all__ = ["HOST", "bind", "create_app", "open_to_read", "server"]
