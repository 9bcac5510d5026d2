"""Changes posted to a URL, signed, in batches of JSON lines; at least once: a receiver goes by the ids of rows."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from models.engine import reading, writing
from models.errors import StorageOutdated, StorageUnavailable
from models.identity import url_hash
from models.tables import METADATA
from pipelines.snapshots import snapshot
from pipelines.sync.changes import ChangeBatch, Position, lag_of, position_since, pruned_until, read_changes
from pipelines.sync.choice import Choice, Step
from pipelines.sync.documents import json_lines
from pipelines.sync.posting import Answer, deliver, message_id
from pipelines.sync.receiver import Receiver
from pipelines.sync.tables import mirrored_roots

RETRY_SECONDS = 300.0
CHANGES_PER_POST = 200
_WEBHOOK, _DEAD_LETTER = METADATA.tables["webhook"], METADATA.tables["dead_letter"]


class WebhookSync:
    """Posts what has changed to one URL; its position is in the source, as a URL can keep none."""

    def __init__(
        self, source: Engine, url: str, choice: Choice, *, secret: bytes, retry_seconds: float = RETRY_SECONDS
    ) -> None:
        """Raises RefusedReceiver for a URL that is none of a webhook."""
        self._source = source
        self._url = url
        self._receiver = Receiver(url)
        self._choice = choice
        self._secret = secret
        self._retry_seconds = retry_seconds
        self._roots = mirrored_roots({}, choice.roots)

    def catch_up(self) -> Iterator[Step]:
        """A step a batch. Raises StorageUnavailable when the receiver has been away for too long."""
        while (step := self._step()) is not None:
            yield step

    def resend(self) -> Iterator[Step]:
        """The rows of dead letters, as they are now: what a letter says may be older than what was taken since."""
        mine = select(_WEBHOOK.c.id).where(_WEBHOOK.c.url_hash == url_hash(self._url)).scalar_subquery()
        letters = select(_DEAD_LETTER.c.id).where(_DEAD_LETTER.c.webhook_id == mine).order_by(_DEAD_LETTER.c.id)
        with reading(self._source) as connection:
            ids = connection.execute(letters).scalars().all()
        for letter_id in ids:
            yield self._resend(letter_id)

    def left(self) -> int:
        """Changes to post."""
        return self.lag()[0]

    def lag(self) -> tuple[int, float]:
        """Changes not posted yet, and the age of the oldest in seconds."""
        position = self._position()
        with snapshot(self._source) as connection:
            lag = lag_of(connection, position, tables=self._choice.roots)
        return lag.changes, lag.seconds

    def _step(self) -> Step | None:
        before = self._position()
        with snapshot(self._source) as connection:
            batch = read_changes(connection, before, tables=self._choice.roots, limit=CHANGES_PER_POST)
            lines = json_lines(connection, self._roots, batch.ops) if batch else ""
        if batch is None:
            return None
        body = lines.encode()
        answer, attempts = self._deliver(body)
        with writing(self._source) as connection:
            webhook_id = self._advance(connection, before, batch)
            if not answer.is_taken:
                letter = {
                    "message_id": message_id(body),
                    "message": lines,
                    "attempts": attempts,
                    "status": answer.status,
                }
                letter |= {"webhook_id": webhook_id, "reason": answer.reason, "failed_at": datetime.now(UTC)}
                connection.execute(insert(_DEAD_LETTER).values(letter))
        return Step(len(batch.ops), done=batch.changes, changes=batch.changes, refused=not answer.is_taken)

    def _resend(self, letter_id: int) -> Step:
        is_letter = _DEAD_LETTER.c.id == letter_id
        with snapshot(self._source) as connection:
            message = connection.execute(select(_DEAD_LETTER.c.message).where(is_letter)).scalar_one()
            records = map(json.loads, message.splitlines())
            ops = {(record["table"], record["id"]): "update" for record in records}
            lines = json_lines(connection, mirrored_roots({}), ops)
        body = lines.encode()
        answer, attempts = self._deliver(body)
        with writing(self._source) as connection:
            if answer.is_taken:
                connection.execute(_DEAD_LETTER.delete().where(is_letter))
            else:
                again = {"attempts": _DEAD_LETTER.c.attempts + attempts, "failed_at": datetime.now(UTC)}
                again |= {"status": answer.status, "reason": answer.reason}
                connection.execute(update(_DEAD_LETTER).where(is_letter).values(again))
        return Step(len(ops), done=1, refused=not answer.is_taken)

    def _deliver(self, body: bytes) -> tuple[Answer, int]:
        return deliver(self._receiver, body, secret=self._secret, retry_seconds=self._retry_seconds)

    def _position(self) -> Position:
        key = url_hash(self._url)
        with writing(self._source) as connection:
            found = connection.execute(select(_WEBHOOK.c.xid, _WEBHOOK.c.seq).where(_WEBHOOK.c.url_hash == key)).first()
            if found is not None:
                return Position(found.xid, found.seq)
            since = self._choice.since
            if since is None and pruned_until(connection) is not None:
                raise StorageOutdated(
                    "a new webhook is told all changes, and the older ones were pruned; start it with --since"
                )
            start = position_since(connection, since) if since else Position()
            row: dict[str, Any] = {"url": self._receiver.shown, "url_hash": key, "xid": start.xid, "seq": start.seq}
            connection.execute(insert(_WEBHOOK).values(row))
            return start

    def _advance(self, connection: Connection, before: Position, batch: ChangeBatch) -> int:
        moved = (
            update(_WEBHOOK)
            .where(_WEBHOOK.c.url_hash == url_hash(self._url))
            .where(_WEBHOOK.c.xid == before.xid, _WEBHOOK.c.seq == before.seq)
            .values(xid=batch.end.xid, seq=batch.end.seq, delivered_at=datetime.now(UTC))
        )
        webhook_id: int | None = connection.execute(moved.returning(_WEBHOOK.c.id)).scalar()
        if webhook_id is None:
            raise StorageUnavailable(f"another sync posts to {self._receiver.shown}; stop one of the two")
        return webhook_id
