"""ArchiveExtension: every response of a crawl into the archive, before anything else happens to it."""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Request, Response

from pipelines.archive.mending import mend_folder
from pipelines.archive.writer import ROLL_BYTES, ArchiveWriter, Exchange

ARCHIVED = "triptych_archived"
"""In a request's meta: the ArchivePlace of its last response."""
RENDERED = "rendered"
"""Flag of a response that is a page as a browser made it, which comes after the page as it was served."""
# What gives entry does not belong into an archive that is handed on.
_SECRET = frozenset({b"authorization", b"cookie", b"proxy-authorization", b"set-cookie"})

logger = logging.getLogger(__name__)


class ArchiveExtension:
    """Settings: ARCHIVE_FOLDER (none: nothing is archived), ARCHIVE_ROLL_BYTES. Stats: triptych/archived.

    A folder that cannot be written stops the crawl: what was promised to be kept is not lost in silence.
    """

    def __init__(self, crawler: Crawler) -> None:
        folder = crawler.settings["ARCHIVE_FOLDER"]
        if not folder:
            raise NotConfigured
        self._crawler = crawler
        self._closing: asyncio.Task[None] | None = None
        self._writer = ArchiveWriter(Path(folder), roll_bytes=crawler.settings.getint("ARCHIVE_ROLL_BYTES", ROLL_BYTES))
        mend_folder(Path(folder))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ArchiveExtension":
        extension = cls(crawler)
        crawler.signals.connect(extension.keep, signal=signals.response_downloaded)
        crawler.signals.connect(extension.close, signal=signals.spider_closed)
        return extension

    def keep(self, response: Response, request: Request, spider: Spider) -> None:  # noqa: ARG002  # the signal's arguments
        exchange = Exchange(
            url=response.url,
            method=request.method,
            request_headers=_plain(request.headers),
            status=response.status,
            headers=_plain(response.headers),
            body=response.body,
            fetched_at=datetime.now(UTC),
            # "partial" is said of every body that only the end of the connection ends: nothing of it need be missing.
            is_truncated="dataloss" in response.flags,
            is_rendered=RENDERED in response.flags,
            rendered_from=request.meta.get(ARCHIVED),
        )
        try:
            request.meta[ARCHIVED] = self._writer.write(exchange)
        except OSError as error:
            logger.error("the archive cannot be written, the crawl stops: %s", error)  # noqa: TRY400  # the cause is said
            self._closing = asyncio.create_task(self._crawler.engine.close_spider_async(reason="archive_unavailable"))
            return
        self._crawler.stats.inc_value("triptych/archived")

    def close(self) -> None:
        self._writer.close()


def _plain(headers: Headers) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        if name.lower() not in _SECRET
        for value in values or ()
    ]
