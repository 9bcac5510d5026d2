"""The download handler: what we ask for once is sent once."""

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler


class OnceDownloadHandler(HTTP11DownloadHandler):
    """Twisted sends a request again at once, and in silence, where a connection that was used before is lost.

    That comes without the site's delay and is in no count. Here it is a lost connection like any other.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
