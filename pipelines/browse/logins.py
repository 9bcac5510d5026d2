"""Who may act: one password, sessions in memory, and little patience with guessing."""

import hashlib
import hmac
import secrets
from collections import deque
from dataclasses import dataclass
from threading import Lock

COOKIE = "triptych_session"
_SCHEME = "scrypt"
# 32 MiB and about 0.1 s a guess: what OWASP asks for.
_COST, _BLOCK, _LANES, _MEMORY = 2**15, 8, 1, 64 * 1024 * 1024
_SESSION_SECONDS = 8 * 3600.0
_TRIES, _TRIES_SECONDS = 5, 60.0
_MOST_SESSIONS = 100


class TooManyTries(Exception):
    """Wrong passwords came too fast; none is looked at for a while."""


@dataclass(frozen=True, slots=True)
class Session:
    csrf: str
    """What each form of the session has to bring along."""
    ends_at: float


def hash_password(password: str, *, salt: bytes | None = None) -> str:
    """What is kept instead of the password."""
    salt = secrets.token_bytes(16) if salt is None else salt
    return f"{_SCHEME}${salt.hex()}${_scrypt(password, salt).hex()}"


def is_hash(text: str) -> bool:
    scheme, _, rest = text.partition("$")
    salt, _, made = rest.partition("$")
    try:
        return scheme == _SCHEME and len(bytes.fromhex(salt)) == 16 and len(bytes.fromhex(made)) == 32
    except ValueError:
        return False


class Logins:
    """Times are seconds of a clock that never goes back."""

    def __init__(self, password_hash: str) -> None:
        """Raises ValueError for what `hash_password` did not make."""
        if not is_hash(password_hash):
            raise ValueError("a hash of a password expected, as `browse --hash-password` prints it")
        self._hash = password_hash
        self._lock = Lock()
        self._wrong: deque[float] = deque(maxlen=_TRIES)
        self._sessions: dict[str, Session] = {}

    def log_in(self, password: str, *, now: float) -> str | None:
        """The name of a new session, or None. Raises TooManyTries."""
        with self._lock:  # one guess at a time, so that many at once are no way around the limit
            if len(self._wrong) == _TRIES and now - self._wrong[0] < _TRIES_SECONDS:
                raise TooManyTries
            salt = bytes.fromhex(self._hash.split("$")[1])
            if not hmac.compare_digest(hash_password(password, salt=salt), self._hash):
                self._wrong.append(now)
                return None
            self._wrong.clear()
            name = secrets.token_urlsafe(32)
            kept = [item for item in self._sessions.items() if item[1].ends_at > now][-_MOST_SESSIONS + 1 :]
            self._sessions = dict(kept) | {name: Session(secrets.token_urlsafe(32), now + _SESSION_SECONDS)}
            return name

    def session(self, name: str | None, *, now: float) -> Session | None:
        found = self._sessions.get(name or "")
        return found if found and found.ends_at > now else None

    def log_out(self, name: str | None) -> None:
        with self._lock:
            self._sessions.pop(name or "", None)


def _scrypt(password: str, salt: bytes) -> bytes:
    given = password.encode("utf-8", "replace")
    return hashlib.scrypt(given, salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY, dklen=32)
