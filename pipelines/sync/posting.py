"""One message posted to a URL, signed, again until it is taken or refused.

Signatures are those of the Standard Webhooks specification: base64 of HMAC-SHA256 over "id.timestamp.body".
"""

import base64
import hashlib
import hmac
import http.client
import time
from dataclasses import dataclass

from models.errors import StorageUnavailable
from pipelines.store.faults import pauses
from pipelines.sync.receiver import Receiver

_TRY_AGAIN = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class Answer:
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


def deliver(receiver: Receiver, body: bytes, *, secret: bytes, retry_seconds: float) -> tuple[Answer, int]:
    """Until it is taken or refused: the answer, and the attempts.

    Raises StorageUnavailable where neither comes, and at once where the receiver is not where it was.
    """
    waits = pauses(retry_seconds)
    attempts = 0
    while True:
        attempts += 1
        answer = _post(receiver, body, secret=secret)
        if answer.is_taken or answer.is_refused:
            return answer, attempts
        wait = next(waits, None)
        if wait is None:
            raise StorageUnavailable(
                f"{receiver.shown} took nothing in {attempts} attempts: {answer.reason}; "
                "run the same command again when it answers: it goes on where it was"
            )
        time.sleep(wait)


def message_id(body: bytes) -> str:
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


def _post(receiver: Receiver, body: bytes, *, secret: bytes) -> Answer:
    """One request."""
    headers = signed_headers(message_id(body), body, secret=secret, timestamp=int(time.time()))
    try:
        status, said = receiver.post(body, headers)
    except (OSError, http.client.HTTPException) as error:
        return Answer(None, f"{type(error).__name__}: {error}")
    return Answer(status, f"{status} {said}".strip())
