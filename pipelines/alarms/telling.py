"""Alarms told to whoever is to know: posted to a webhook, handed to a command. Each when it is raised and when cleared.

At least once: what was not taken is told again after the next run. One message has all that is new, a JSON line each.
"""

import json
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select, update

from models.engine import reading, writing
from models.errors import StorageError, StorageUnavailable
from models.tables import METADATA
from pipelines.alarms.listing import ShownAlarm, alarms_of

if TYPE_CHECKING:
    from pipelines.sync.receiver import Receiver

ALARM = METADATA.tables["alarm"]
_COMMAND_SECONDS = 60.0
_ANSWER = 200


@dataclass(frozen=True)  # without slots, for what is worked out once
class Listeners:
    """Who is to know; empty for nobody. One for as long as a run lasts: its webhook stays where it was found."""

    webhook: str = ""
    secret: str = ""
    """What is posted is signed with it, as what a sync posts."""
    command: str = ""
    """Given the lines on its standard input; it has taken them when its exit status is 0."""

    @cached_property
    def receiver(self) -> "Receiver":
        """Raises RefusedReceiver for a URL that is none of a webhook."""
        from pipelines.sync.receiver import Receiver  # noqa: PLC0415  # as below

        return Receiver(self.webhook)

    def __bool__(self) -> bool:
        return bool(self.webhook or self.command)


class NotTaken(StorageError):
    """The alarms were not taken, and wait to be told again."""


def tell(engine: Engine, listeners: Listeners, *, now: datetime, retry_seconds: float) -> int:
    """How many were told. Raises NotTaken."""
    if not listeners:
        return 0
    is_news = ALARM.c.told_at.is_(None) | (ALARM.c.cleared_at > ALARM.c.told_at)
    with reading(engine) as connection:
        ids = connection.execute(select(ALARM.c.id).where(is_news).order_by(ALARM.c.id)).scalars().all()
        shown = alarms_of(connection, with_cleared=True, ids=ids) if ids else ()
    if not shown:
        return 0
    body = _lines(shown).encode()
    if listeners.webhook:
        _post(listeners, body, retry_seconds=retry_seconds)
    if listeners.command:
        _run(listeners.command, body)
    with writing(engine) as connection:
        connection.execute(update(ALARM).where(ALARM.c.id.in_([alarm.id for alarm in shown])).values(told_at=now))
    return len(shown)


def _lines(alarms: Sequence[ShownAlarm]) -> str:
    records = ({"state": "cleared" if alarm.cleared_at else "raised", **asdict(alarm)} for alarm in alarms)
    return "".join(json.dumps(record, ensure_ascii=False, default=datetime.isoformat) + "\n" for record in records)


def _post(listeners: Listeners, body: bytes, *, retry_seconds: float) -> None:
    from pipelines.sync.posting import deliver  # noqa: PLC0415  # few have a webhook, and every crawl loads this module

    if not listeners.secret:
        raise NotTaken("alarms are posted signed: set TRIPTYCH_WEBHOOK_SECRET to a secret the receiver knows")
    try:
        answer, _ = deliver(listeners.receiver, body, secret=listeners.secret.encode(), retry_seconds=retry_seconds)
    except StorageUnavailable as error:
        raise NotTaken(f"alarms were not told: {str(error).partition(';')[0]}; `scrapy alarms` tells them") from error
    if not answer.is_taken:
        raise NotTaken(f"alarms were not told: {listeners.receiver.shown} answers {answer.reason}")


def _run(command: str, body: bytes) -> None:
    try:
        done = subprocess.run(  # noqa: S603  # the operator's own command, without a shell
            shlex.split(command), input=body, capture_output=True, check=False, timeout=_COMMAND_SECONDS
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise NotTaken(f"alarms were not told: {error}; mend TRIPTYCH_ALARM_COMMAND") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-_ANSWER:]
        raise NotTaken(f"alarms were not told: {command} ended with status {done.returncode}: {said}")
