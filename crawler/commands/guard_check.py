"""Whether the crawl keeps out of private networks, tried with a connection that is to be refused. No command itself."""

import socket
import tempfile
from pathlib import Path

from scrapy.settings import Settings


def trouble_with_guard(settings: Settings) -> str | None:
    """What is wrong; None where a URL of this machine that nobody typed is refused, and its server hears of nothing.

    What ADDRESSES_ALLOWED names is left out: that is meant. Runs Scrapy's reactor: it can be called once in a process.
    """
    from crawler.fetching import fetch_pages
    from models.items import FailureClass

    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryDirectory(prefix="triptych-") as folder:
        server.setblocking(False)  # whoever has connected waits in its queue
        port: int = server.getsockname()[1]
        own = settings.copy()
        # The port is no reason to refuse it; what answers nothing is waited for no longer than need be.
        changed = {"ADDRESSES_ALLOWED": [], "URLS_TYPED": [], "PORTS_ALLOWED": [port], "BROWSER_ENABLED": False}
        for name, value in (
            changed | {"DOWNLOAD_TIMEOUT": 3, "RETRY_ENABLED": False, "PROGRESS_ENABLED": False}
        ).items():
            own.set(name, value, priority="cmdline")
        url = f"http://127.0.0.1:{port}/"
        page = fetch_pages([url], Path(folder), settings=own)[url]
        try:
            server.accept()[0].close()
        except BlockingIOError:
            is_refused = page.failure_class is FailureClass.REFUSED_ADDRESS
            return None if is_refused else f"a private address was not refused: {page.failure_message or 'no failure'}"
    return "a connection to 127.0.0.1 was made that nobody has allowed"
