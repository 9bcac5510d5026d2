"""The browser, put into the way of responses where it is wanted. Loaded with every command: imports next to nothing."""

from importlib.util import find_spec

from scrapy.settings import BaseSettings

from crawler.errors import UsageError

_PLACE = 20  # the last to see a response: unpacked, and no redirect


class UseBrowser:
    """Raises UsageError where the browser is wanted and its packages are not there."""

    def update_settings(self, settings: BaseSettings) -> None:
        if not settings.getbool("BROWSER_ENABLED"):
            return
        if find_spec("scrapy_playwright") is None:
            raise UsageError("BROWSER_ENABLED needs a package more: pip install -e '.[js]'")
        name = "crawler.browser.middleware.RenderMiddleware"
        settings["DOWNLOADER_MIDDLEWARES"][name] = _PLACE
