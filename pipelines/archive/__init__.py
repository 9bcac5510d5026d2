"""What was fetched, as it came: WARC files that any tool for web archives reads."""

from pipelines.archive.extension import ArchiveExtension
from pipelines.archive.mending import Mended, mend_folder
from pipelines.archive.reading import Archived, ArchiveFault, read_at
from pipelines.archive.writer import ArchiveWriter, Exchange

__all__ = [
    "ArchiveExtension", "ArchiveFault", "ArchiveWriter", "Archived", "Exchange", "Mended", "mend_folder", "read_at",
]  # fmt: skip
