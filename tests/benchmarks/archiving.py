"""What a response costs in the archive: written, written again unchanged, and read back; warcio beside us.

    python -m tests.benchmarks.archiving FOLDER

FOLDER has saved pages, as *.html or *.html.gz. CPU is that of this process; all ways take turns on each page.
"""

import argparse
import gzip
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.archive import ArchiveWriter, Exchange, read_at

_AT = datetime(2026, 11, 23, tzinfo=UTC)
_HEADERS = [("Content-Type", "text/html")]
_MOST = 300


class _Cpu:
    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        started = time.process_time()
        yield
        self.seconds[name] += time.process_time() - started


def pages_of(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.glob("*.html*"))[:_MOST]:
        yield gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def exchange_of(number: int, body: bytes) -> Exchange:
    return Exchange(
        url=f"https://example.com/{number}",
        method="GET",
        request_headers=(),
        status=200,
        headers=_HEADERS,
        body=body,
        fetched_at=_AT,
    )


def warcio_writer(file: Path) -> Callable[[Exchange], int]:
    out = file.open("wb")
    writer = WARCWriter(out, gzip=True)

    def write(exchange: Exchange) -> int:
        offset = out.tell()
        head = StatusAndHeaders("200 OK", list(exchange.headers), protocol="HTTP/1.1")
        body = BytesIO(exchange.body)
        response = writer.create_warc_record(exchange.url, "response", body, len(exchange.body), http_headers=head)
        line = StatusAndHeaders(f"GET {exchange.url} HTTP/1.1", [], is_http_request=True)
        writer.write_record(response)
        writer.write_record(writer.create_warc_record(exchange.url, "request", BytesIO(), 0, http_headers=line))
        return offset

    return write


def measure(folder: Path, scratch: Path) -> None:
    cpu = _Cpu()
    ours, theirs = ArchiveWriter(scratch / "ours"), warcio_writer(scratch / "theirs.warc.gz")
    pages = bytes_total = 0
    for number, body in enumerate(pages_of(folder)):
        exchange = exchange_of(number, body)
        with cpu.of("written"):
            place = ours.write(exchange)
        with cpu.of("written, warcio"):
            offset = theirs(exchange)
        with cpu.of("written again, unchanged"):
            ours.write(exchange)
        with cpu.of("read"):
            found = read_at(scratch / "ours", place).body
        with cpu.of("read, warcio"), (scratch / "theirs.warc.gz").open("rb") as file:
            file.seek(offset)
            again = next(ArchiveIterator(file)).content_stream().read()
        if not found == again == body:
            sys.exit(f"page {number} is not what it was")
        pages, bytes_total = pages + 1, bytes_total + len(body)
    ours.close()
    sizes = {
        "ours, each page twice": sum(path.stat().st_size for path in (scratch / "ours").glob("*.gz")),
        "warcio, once": (scratch / "theirs.warc.gz").stat().st_size,
    }
    print(f"{pages} pages of {bytes_total / pages / 1000:.0f} kB")
    for name, seconds in cpu.seconds.items():
        print(f"{name:<26}{seconds / pages * 1000:6.2f} ms a page")
    for name, size in sizes.items():
        print(f"{name:<26}{size / bytes_total:6.1%} of the pages' size")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    with tempfile.TemporaryDirectory() as scratch:
        measure(parser.parse_args().folder, Path(scratch))


if __name__ == "__main__":
    main()
