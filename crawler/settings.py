"""Every setting of the project, and the only reader of the environment.

Defaults differ from Scrapy's where a measured or promised property needs it; each block says which.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

from crawler.garbage import start_uncollected
from crawler.limited_process import cores


def _refuse(message: str) -> NoReturn:
    """Ends the program, whichever reads the settings: Scrapy's own has no place to tell of an error in them."""
    print(f"error: {message}", file=sys.stderr)
    raise SystemExit(2)


def _secret(name: str, default: str = "") -> str:
    """From the environment, or from the file that NAME_FILE names: what is in an environment, processes inherit."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name, default)
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        _refuse(f"{name}_FILE: {path} cannot be read: {reason}")


def _check_rooms() -> None:
    """The `scrapy` script appends the project to the path: an installed package `models` would win in silence."""
    here = Path(__file__).resolve().parents[1]
    for room in ("models", "pipelines"):
        spec = find_spec(room)
        found = Path(spec.origin).resolve() if spec and spec.origin else None
        if found is None or found.parents[1] != here:
            _refuse(
                f"expected the package {room!r} in {here}, found {found or 'none'}; "
                f"uninstall the other {room!r}, or run `pip install -e .` in {here} in a virtual environment of its own"
            )


_check_rooms()
start_uncollected()  # before the commands are loaded

BOT_NAME = "triptych"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
COMMANDS_MODULE = "crawler.commands"

# Storing: SQLite in the working directory, or any URL, as postgresql://user:password@host/name.
DATABASE_URL = _secret("TRIPTYCH_DATABASE_URL", "sqlite:///triptych.db")
WEBHOOK_SECRET = _secret("TRIPTYCH_WEBHOOK_SECRET")  # signs what `scrapy sync https://…` posts
# Who is told of alarms: a URL, to which they are posted signed with WEBHOOK_SECRET; a command that reads JSON lines.
ALARM_WEBHOOK = _secret("TRIPTYCH_ALARM_WEBHOOK")
ALARM_COMMAND = os.environ.get("TRIPTYCH_ALARM_COMMAND", "")
# Every response as it came, in WARC files of this folder; empty keeps none.
ARCHIVE_FOLDER = os.environ.get("TRIPTYCH_ARCHIVE", "triptych-archive")
# What `scrapy browse --hash-password` prints; without one, the pages are only read.
BROWSE_PASSWORD_HASH = _secret("TRIPTYCH_BROWSE_PASSWORD_HASH")
ITEM_PIPELINES = {"pipelines.store.StorePipeline": 100}
# Of what Scrapy turns on by itself, in each _BASE, only what is used: what is turned off by None is imported all the
# same, remote control with aiohttp and cookies with requests, which was 0.1 s of every start. AutoThrottle is not among
# it: its settings are obeyed by PolitenessMiddleware.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.memdebug.MemoryDebugger": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
}
EXTENSIONS = {
    "crawler.extensions.RefuseJobDir": 0,
    "crawler.extensions.EndWithParent": 50,
    "crawler.extensions.Progress": 100,
    "pipelines.archive.ArchiveExtension": 200,
    "pipelines.politeness.extension.RememberPoliteness": 300,
    "pipelines.alarms.extension.WatchRun": 400,
}

# Revisits: when a page is asked for again is decided page by page; these bound it.
REVISITS_PER_DAY = 2000  # of one site
REVISIT_LIST_SECONDS = 600  # not sooner: lists, feeds and sitemaps
REVISIT_ARTICLE_SECONDS = 1800

# Politeness: robots obeyed, few connections a site, the gap follows the site's own latency. DOWNLOAD_DELAY, Crawl-delay
# and Retry-After are the least of it, kept to the letter.
ADDONS = {"pipelines.politeness.addon.KeepDelay": 100, "crawler.browser.addon.UseBrowser": 200}
POLITENESS_REMEMBERED = True  # robots.txt and closed sites, in the database
ALARMS_ENABLED = True  # runs are looked at when they end: what is not as it was becomes a row of `alarm`
USER_AGENT = os.environ.get("TRIPTYCH_USER_AGENT", "Triptych/0.1 (article crawler; set USER_AGENT to name a contact)")
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 4
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.25
AUTOTHROTTLE_MAX_DELAY = 30.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 2.0

# Safety: http and https only, certificates checked, no remote control, nothing without a limit.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("http", "https"), "crawler.transport.handler.GuardedDownloadHandler"),
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # bytes on the wire
DOWNLOAD_WARNSIZE = 0
DECOMPRESSED_MAXSIZE = 25 * 1024 * 1024  # bytes
DECOMPRESSED_RATIO = 200  # to the bytes on the wire, beyond the first MB
HEADERS_MAXSIZE = 64 * 1024  # bytes, informational answers included; cookies count a sixteenth
DOWNLOAD_TIMEOUT = 30  # seconds from the request to the end of its answer
RETRY_TIMES = 2
TIMEOUT_RETRY_TIMES = 1  # of those, after a timeout
REDIRECT_MAX_TIMES = 5
DEPTH_LIMIT = 10
PAGES_PER_RUN = 10_000
SECONDS_PER_RUN = 3_600  # of one that is to end by itself
PAGES_PER_PREFIX = 1_000  # without an article among them
SAME_PAGES_PER_PREFIX = 5  # in a row, to the letter
PARTS_PER_ARTICLE = 30  # pages of one article that are joined
FAILURE_SHARE_MAX = 0.1  # a run with a larger share of failed pages ends with exit status 1
COOKIES_ENABLED = False

# How much of a page is read, as crawler.page_limits says.
PAGE_DEPTH = 512
PAGE_ELEMENTS = 500_000
PAGE_TEXTS = 30_000
PAGE_ATTRIBUTES = 256
PAGE_LINKS = 2_000
JSON_LD_LENGTH = 1024 * 1024
JSON_LD_DEPTH = 64
SITEMAP_ENTRIES = 50_000
SITEMAP_BYTES = 50 * 1024 * 1024
SITEMAP_NESTING = 3  # indexes of indexes

# Addresses: only those of the public internet, looked at after the DNS and before each connection. A URL typed on the
# command line is consent for its own host and port; others inside are allowed by name, as "intranet.example:8080".
ADDRESSES_ALLOWED = os.environ.get("TRIPTYCH_ADDRESSES_ALLOWED", "").split()  # HOST:PORT, or HOST:* for all its ports
PORTS_ALLOWED = [80, 443]  # others by ADDRESSES_ALLOWED, or typed
TYPED_URLS_ALLOWED = True  # False where what is on a command line was typed by nobody
PROXY_CHECKS_ADDRESSES = False  # True: names that cannot be resolved here are left to the proxy of the environment

# User and password of sites that ask for them, as https://user:password@host: each is sent to that origin only.
CREDENTIALS = _secret("TRIPTYCH_CREDENTIALS").split()

# Pages built by scripts, in a Chromium of the machine: off, as it costs a hundred times a page. Needs the extra `js`.
BROWSER_ENABLED = os.environ.get("TRIPTYCH_BROWSER", "") == "1"
BROWSER_EXECUTABLE = ""  # found by its name
BROWSER_SECONDS = 30  # a page
BROWSER_MEMORY = 1024**3  # bytes, a page
BROWSER_PAGES = 2  # at once
BROWSER_HOSTS: list[str] = []  # beside a page's own site, where its scripts and data may come from

# Extraction: in processes beside the crawl's own, which feeds three; 0 reads in the crawl's. The limits are a page's.
EXTRACTION_PROCESSES = max(1, min(3, cores() - 1))
EXTRACTION_CPU_SECONDS = 60
EXTRACTION_MEMORY = 2 * 1024**3  # bytes beyond what the process begins with

# Speed: one item task a response, and no component that does nothing here (measured 1.3 to 1.5 times).
CONCURRENT_ITEMS = 1
METAREFRESH_ENABLED = False
REFERER_ENABLED = False
HTTPPROXY_ENABLED = bool(os.environ.get("http_proxy") or os.environ.get("https_proxy"))
DOWNLOADER_MIDDLEWARES_BASE = {  # without DownloaderStats, which puts each response together again to count its bytes
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.AccountingMiddleware": 10,
    "crawler.middlewares.TrapMiddleware": 20,
    "pipelines.politeness.robots.RobotsMiddleware": 100,
    "crawler.middlewares.RedirectMiddleware": 600,
    "pipelines.politeness.middleware.PolitenessMiddleware": 990,
    "crawler.transport.credentials.CredentialsMiddleware": 700,
    "crawler.transport.decoding.DecodingMiddleware": 590,
}

# The frontier is the table `page`: what is asked for, in which order, and what was asked for already, is known there.
SPIDER_MIDDLEWARES_BASE = {"scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50}
SPIDER_MIDDLEWARES = {
    "pipelines.frontier.feeding.FrontierMiddleware": 100,
}
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
SCHEDULER = "crawler.scheduler.AccountingScheduler"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"

LOG_LEVEL = os.environ.get("TRIPTYCH_LOG_LEVEL", "WARNING")
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the failure is recorded and printed
LOG_VERSIONS: list[str] = []
PROGRESS_ENABLED = True
