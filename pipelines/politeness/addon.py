"""The delay between requests is kept by us alone. Loaded with every command, so it imports next to nothing."""

from scrapy.settings import BaseSettings

SITE_DELAY = "SITE_DELAY"


class KeepDelay:
    """Takes DOWNLOAD_DELAY over from Scrapy, as SITE_DELAY.

    Scrapy's slots vary it by half in both directions, count it from start to start, so that a request that is slow to
    arrive has its successor close behind, and know nothing of what other hosts of the site are asked.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        settings.set(SITE_DELAY, settings.getfloat("DOWNLOAD_DELAY"), priority="cmdline")
        settings.set("DOWNLOAD_DELAY", 0, priority="cmdline")
