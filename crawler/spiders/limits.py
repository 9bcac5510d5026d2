"""The limits of a run, as the settings have them."""

from scrapy.settings import BaseSettings

from crawler.limited_process import Limits
from crawler.page_limits import PageLimits
from crawler.spiders.prefixes import Prefixes


def process_limits(settings: BaseSettings) -> Limits:
    return Limits(
        cpu_seconds=settings.getfloat("EXTRACTION_CPU_SECONDS"), memory_bytes=settings.getint("EXTRACTION_MEMORY")
    )


def page_limits(settings: BaseSettings) -> PageLimits:
    return PageLimits(
        depth=settings.getint("PAGE_DEPTH"),
        elements=settings.getint("PAGE_ELEMENTS"),
        texts=settings.getint("PAGE_TEXTS"),
        attributes=settings.getint("PAGE_ATTRIBUTES"),
        links=settings.getint("PAGE_LINKS"),
        json_ld_length=settings.getint("JSON_LD_LENGTH"),
        json_ld_depth=settings.getint("JSON_LD_DEPTH"),
        sitemap_entries=settings.getint("SITEMAP_ENTRIES"),
        sitemap_bytes=settings.getint("SITEMAP_BYTES"),
    )


def page_prefixes(settings: BaseSettings) -> Prefixes:
    return Prefixes(settings.getint("PAGES_PER_PREFIX"), most_same=settings.getint("SAME_PAGES_PER_PREFIX"))
