"""Changes posted to a URL, signed, in batches of JSON lines; at least once, so that a receiver goes by the ids of rows.

Signatures are those of the Standard Webhooks specification: base64 of HMAC-SHA256 over "id.timestamp.body".
"""

import base64
import hashlib
import hmac
import http.client
import json
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, insert, select, update

from models.engine import reading, writing
from models.errors import StorageOutdated, StorageUnavailable
from models.identity import url_hash
from models.tables import METADATA
from pipelines.snapshots import snapshot
from pipelines.store.faults import pauses
from pipelines.sync.changes import ChangeBatch, Position, lag_of, position_since, pruned_until, read_changes
from pipelines.sync.choice import Choice, Step
from pipelines.sync.documents import json_lines
from pipelines.sync.tables import mirrored_roots

TIMEOUT_SECONDS = 30.0
RETRY_SECONDS = 300.0
CHANGES_PER_POST = 200
_WEBHOOK, _DEAD_LETTER = METADATA.tables["webhook"], METADATA.tables["dead_letter"]
_ANSWER_BYTES = 200
_TRY_AGAIN = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int | None
    """None where there was none."""
    reason: str

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_refused(self) -> bool:
        """For good: the same would be refused again."""
        return self.status is not None and 300 <= self.status < 500 and self.status not in _TRY_AGAIN


class WebhookSync:
    """Posts what has changed to one URL; its position is in the source, as a URL can keep none."""

    def __init__(
        self, source: Engine, url: str, choice: Choice, *, secret: bytes, retry_seconds: float = RETRY_SECONDS
    ) -> None:
        self._source = source
        self._url = url
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
        message_id = _message_id(body)
        answer, attempts = self._deliver(message_id, body)
        with writing(self._source) as connection:
            webhook_id = self._advance(connection, before, batch)
            if not answer.is_taken:
                letter = {"message_id": message_id, "message": lines, "attempts": attempts, "status": answer.status}
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
        answer, attempts = self._deliver(_message_id(body), body)
        with writing(self._source) as connection:
            if answer.is_taken:
                connection.execute(_DEAD_LETTER.delete().where(is_letter))
            else:
                again = {"attempts": _DEAD_LETTER.c.attempts + attempts, "failed_at": datetime.now(UTC)}
                again |= {"status": answer.status, "reason": answer.reason}
                connection.execute(update(_DEAD_LETTER).where(is_letter).values(again))
        return Step(len(ops), done=1, refused=not answer.is_taken)

    def _deliver(self, message_id: str, body: bytes) -> tuple[_Answer, int]:
        """Until it is taken or refused. Raises StorageUnavailable where neither happens in time."""
        waits = pauses(self._retry_seconds)
        attempts = 0
        while True:
            attempts += 1
            answer = self._post(message_id, body)
            if answer.is_taken or answer.is_refused:
                return answer, attempts
            wait = next(waits, None)
            if wait is None:
                raise StorageUnavailable(
                    f"{shown_webhook(self._url)} took nothing in {attempts} attempts: {answer.reason}; "
                    "run the same command again when it answers: it goes on where it was"
                )
            time.sleep(wait)

    def _post(self, message_id: str, body: bytes) -> _Answer:
        """One request. No redirect is followed: the receiver is the one that was named."""
        parts = urlsplit(self._url)
        connection = _connect(parts.scheme, str(parts.hostname), parts.port)
        path = parts.path or "/"
        try:
            connection.request(
                "POST",
                f"{path}?{parts.query}" if parts.query else path,
                body=body,
                headers=signed_headers(message_id, body, secret=self._secret, timestamp=int(time.time())),
            )
            response = connection.getresponse()
            excerpt = response.read(_ANSWER_BYTES).decode("utf-8", "replace").replace("\0", "")
            return _Answer(response.status, f"{response.status} {excerpt}".strip())
        except (OSError, http.client.HTTPException) as error:
            return _Answer(None, f"{type(error).__name__}: {error}")
        finally:
            connection.close()

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
            row: dict[str, Any] = {"url": shown_webhook(self._url), "url_hash": key, "xid": start.xid, "seq": start.seq}
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
            raise StorageUnavailable(f"another sync posts to {shown_webhook(self._url)}; stop one of the two")
        return webhook_id


def _message_id(body: bytes) -> str:
    return f"msg_{hashlib.sha256(body).hexdigest()[:32]}"


def signed_headers(message_id: str, body: bytes, *, secret: bytes, timestamp: int) -> dict[str, str]:
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/x-ndjson",
        "User-Agent": "Triptych",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


def shown_webhook(url: str) -> str:
    """Without the query, which may hold a token."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _connect(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
