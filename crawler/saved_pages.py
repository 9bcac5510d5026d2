"""Saved pages: files with what is known of how they were fetched, and manifests that list them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.errors import UsageError
from models.items import FailureClass

MAX_BYTES = 25 * 1024 * 1024
"""As DOWNLOAD_MAXSIZE: what would not be fetched is not read either."""

_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x7fELF",
    b"SQLite format",
)
# Control characters no text has: all but tab, line ends, form feed, and the escape of ISO-2022-JP.
_BINARY_BYTES = bytes(set(range(0x20)) - set(b"\t\n\x0b\f\r\x1b"))


class NoPage(Exception):
    """A file that holds no page, or a URL that gave none."""

    def __init__(self, failure_class: FailureClass, message: str) -> None:
        super().__init__(message)
        self.failure_class = failure_class


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page in a file, or the reason why there is none."""

    id: str
    """The caller's name for it."""
    path: Path
    url: str | None = None
    """Where it was fetched, after redirects; links are resolved against it."""
    status: int | None = None
    content_type: str | None = None
    """The header of the response."""
    fetched_at: datetime | None = None
    """Relative times on the page, as 3小时前, count from here; None leaves them unread."""
    failure_class: FailureClass | None = None
    """Set where fetching it failed: there is no file then."""
    failure_message: str = ""

    def read(self) -> bytes:
        """Raises NoPage for a file that is missing, empty, too large or binary, and where fetching failed."""
        if self.failure_class is not None:
            raise NoPage(self.failure_class, self.failure_message)
        try:
            # Not asked for its size first: a pipe has none, and /dev/zero has no end.
            with self.path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise NoPage(FailureClass.GONE, f"no such file: {self.path}") from None
        except IsADirectoryError:
            message = f"a file expected, found a folder; name its files, as {self.path}/*.html"
            raise NoPage(FailureClass.UNREACHABLE, message) from None
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            raise NoPage(FailureClass.UNREACHABLE, str(error)) from None
        if len(content) > MAX_BYTES:
            raise NoPage(FailureClass.TOO_LARGE, f"{MAX_BYTES:,} bytes at most expected, found more")
        if not content.strip():
            raise NoPage(FailureClass.UNPARSABLE, "the file is empty")
        if _is_binary(content[:4096]):
            raise NoPage(FailureClass.CONTENT_TYPE, "a page or plain text expected, found a binary or packed file")
        return content


def read_manifest(manifest: Path) -> Iterator[SavedPage]:
    """The pages of a manifest: lines of {"id", "file", "url"}; id defaults to file, and url may be left out.

    Files are relative to the manifest's folder. Raises UsageError at the first line that is none of these.
    """
    # A file name of the system may hold bytes that are no UTF-8: they come through as they are.
    with manifest.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _manifest_page(line, folder=manifest.parent, where=f"{manifest}, line {number}")


def _manifest_page(line: str, *, folder: Path, where: str) -> SavedPage:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
        raise UsageError(f'{where}: {{"id": …, "file": …, "url": …}} expected, found {line.strip()[:60]!r}')
    file, url = entry["file"], entry.get("url")
    if url is not None and not isinstance(url, str):
        raise UsageError(f"{where}: a URL or null expected as url, found {url!r}")
    return SavedPage(id=str(entry.get("id", file)), path=folder / file, url=url)


def _is_binary(start: bytes) -> bool:
    """A tenth is control characters. Real pages have stray ones, as NUL in Docusaurus; UTF-16 is known by its BOM."""
    if start.startswith(_MAGIC):
        return True
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return (len(start) - len(start.translate(None, _BINARY_BYTES))) * 10 > len(start)
