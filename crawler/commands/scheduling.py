"""Scheduled crawls: each in a process of its own that holds the lease on its schedule. No command itself."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scrapy.settings import Settings

from crawler.console import Exit, complain, say

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.schedules import Schedules, Taken

_LOOK_SECONDS = 1.0
_AGAIN_SECONDS = 60.0  # no schedule comes more often
_RENEW_SECONDS = 15.0  # four times in the life of a lease


def run_one(settings: Settings, name: str, *, only_due: bool) -> Exit:
    """Run a schedule in this process, unless another runs it. The lease is renewed until the crawl has ended."""
    from models.engine import open_database
    from pipelines.schedules import Schedules

    engine = open_database(settings["DATABASE_URL"])
    schedules = Schedules(engine)
    try:
        taken = schedules.take(name, only_due=only_due)
    except KeyError:
        complain(f"no schedule {name}; `scrapy schedule list` shows those there are")
        engine.dispose()
        return Exit.FAILED
    if taken is None:
        say(f"{name} is running already, or not due" if only_due else f"{name} is running already")
        engine.dispose()
        return Exit.OK if only_due else Exit.FAILED
    status = Exit.FAILED
    try:
        with _renewed(schedules, taken):
            status = _crawl(settings, schedules, taken)
    finally:
        schedules.end(taken, exit_status=int(status))
        engine.dispose()
    return status


def _crawl(settings: Settings, schedules: "Schedules", taken: "Taken") -> Exit:
    from scrapy import signals

    from crawler.runs import run_articles

    def listen(crawler: "Crawler") -> None:
        def link() -> None:
            crawl_id = crawler.stats.get_value("triptych/crawl_id")
            if crawl_id is not None:
                schedules.link(taken, crawl_id)

        crawler.signals.connect(link, signal=signals.spider_opened, weak=False)

    # What comes again and again asks only for what is new or due, unless it was told otherwise.
    sums = run_articles(settings, {"revisit": "due", **taken.arguments}, listen=listen)
    sums.print()
    return sums.exit_status(settings.getfloat("FAILURE_SHARE_MAX"))


@contextmanager
def _renewed(schedules: "Schedules", taken: "Taken") -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError

    from models.errors import StorageError

    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(_RENEW_SECONDS):
            try:
                is_ours = schedules.renew(taken)
            except (SQLAlchemyError, StorageError) as error:
                # The crawl waits for the database too; once it is back, the lease is renewed, or found lost.
                complain(f"{taken.name}: its lease could not be renewed: {error}")
                continue
            if not is_ours:
                complain(f"{taken.name}: its lease ran out and another run may have begun; this one stops")
                os.kill(os.getpid(), signal.SIGINT)  # as Ctrl-C: what has arrived is stored
                return

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def run_due(schedules: "Schedules", settings: Settings, *, workers: int, forever: bool) -> Exit:
    """Run what is due, at most `workers` at once; until nothing is left, or until stopped.

    A child that fails before it has its lease leaves the schedule due: it is not begun again at once.
    """
    children: dict[str, subprocess.Popen[bytes]] = {}
    begun_at: dict[str, float] = {}
    status = Exit.OK
    try:
        while True:
            status = max(status, _reap(children))
            for name in schedules.due():
                is_new = name not in begun_at or (forever and time.monotonic() > begun_at[name] + _AGAIN_SECONDS)
                if is_new and len(children) < workers and name not in children:
                    say(f"{name} begins")
                    begun_at[name] = time.monotonic()
                    children[name] = _start(name, settings)
            if not (children or forever):
                return status
            time.sleep(_LOOK_SECONDS if forever else _LOOK_SECONDS / 5)
    except KeyboardInterrupt:
        for child in children.values():
            child.send_signal(signal.SIGINT)
        for child in children.values():
            child.wait()
        raise


def _start(name: str, settings: Settings) -> subprocess.Popen[bytes]:
    # The URL of the database may hold a password: not on a command line, which every user of the machine sees.
    environment: dict[str, Any] = {**os.environ, "TRIPTYCH_DATABASE_URL": settings["DATABASE_URL"]}
    command = [sys.executable, "-m", "scrapy", "schedule", "run-if-due", name]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603  # our own command


def _reap(children: dict[str, subprocess.Popen[bytes]]) -> Exit:
    """The worst exit status of those that have ended; each is told of in a line."""
    worst = Exit.OK
    for name, child in list(children.items()):
        code = child.poll()
        if code is None:
            continue
        del children[name]
        say(f"{name} ended" + (f" with exit status {code}" if code else ""))
        worst = max(worst, Exit.OK if code == 0 else Exit.FAILED)
    return worst
