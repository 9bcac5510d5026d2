"""A folder for the time of a run, beside the archive: what is unpacked may be larger than where other files lie."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = ".import-"


@contextmanager
def scratch_folder(archive: Path) -> Iterator[Path]:
    """Gone at the end. What processes that were killed have left goes now."""
    for path in archive.glob(f"{_PREFIX}*"):
        lock = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            pass  # somebody is at work in it
        finally:
            os.close(lock)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=archive) as folder:
        lock = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield Path(folder)
        finally:
            os.close(lock)
