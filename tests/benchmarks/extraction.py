"""What an extraction costs: the curve over page size, memory, start-up, workers, and where the time goes.

    python -m tests.benchmarks.extraction DATA [--pages 200]

DATA is as for tests.benchmarks.splitting; its bodies are read. All times are CPU seconds (user and system), but for the
workers, whose point is the wall clock: run that on a machine with two idle cores.
"""

import argparse
import cProfile
import gzip
import json
import os
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import lxml.html

from crawler.extractors import extract_page

_SIZES = (100_000, 1_000_000, 10_000_000)
_ROUNDS = 5
_SENTENCE = "The harbour office counted {} parcels on the morning of the new customs line, and sent {} of them back. "


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.extraction", description=(__doc__ or "").split("\n\n", 1)[0]
    )
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--pages", type=int, default=200, help="of the labelled bodies, evenly chosen")
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)  # a child of the curve
    options = parser.parse_args(arguments)
    if options.size:
        return _read_one_size(options.size)
    files = sorted((options.data / "bodies" / "html").glob("*/*.html.gz"))
    if not files:
        parser.error(f"no bodies/html/*/*.html.gz in {options.data}")
    chosen = files[:: max(1, len(files) // options.pages)]
    pages = [gzip.decompress(file.read_bytes()) for file in chosen]
    _print_curve(options.data)
    with tempfile.TemporaryDirectory() as folder:
        manifest = _unpack(pages, Path(folder))
        _print_start_up(manifest)
        _print_workers(manifest)
    _print_profile(pages)
    return 0


def page_of(size: int) -> bytes:
    """An article between a menu and lists of links, all growing with the page."""
    parts = ["<html><head><title>Parcels at the harbour</title></head><body><h1>Parcels at the harbour</h1>"]
    length, number = 0, 0
    while length < size * 0.6:
        number += 1
        part = f'<p class="text">{_SENTENCE.format(number, number // 3) * 4}</p>'
        parts.append(part)
        length += len(part)
    parts.append("<h2>Related articles</h2><ul>")
    while length < size:
        number += 1
        link = f'<li class="card"><a href="/news/{number}.html">Harbour office counts {number} parcels</a></li>'
        parts.append(link)
        length += len(link)
    return "".join([*parts, "</ul></body></html>"]).encode()


def _print_curve(data: Path) -> None:
    print(f"{'page':>12}{'parse ms':>12}{'whole ms':>12}{'x parse':>9}{'peak MB':>9}")
    for size in _SIZES:
        child = [sys.executable, "-m", "tests.benchmarks.extraction", str(data), "--size", str(size)]
        parse, whole, peak = json.loads(subprocess.run(child, check=True, capture_output=True).stdout)
        print(f"{size:>12,}{1000 * parse:>12.2f}{1000 * whole:>12.2f}{whole / parse:>9.1f}{peak:>9.0f}")
    print()


def _read_one_size(size: int) -> int:
    html = page_of(size)
    extract_page(page_of(20_000))  # models are loaded
    parse = min(_cpu(lambda: lxml.html.document_fromstring(html)) for _ in range(_ROUNDS))
    whole = min(_cpu(lambda: extract_page(html, url="https://example.com/a.html")) for _ in range(_ROUNDS))
    print(json.dumps([parse, whole, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
    return 0


def _print_start_up(manifest: Path) -> None:
    page = next(manifest.parent.glob("*.html"))
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "python -c 'import scrapy'": [sys.executable, "-c", "import scrapy"],
        "scrapy extract FILE": [sys.executable, "-m", "scrapy", "extract", str(page)],
    }
    costs: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(_ROUNDS):
        for name, command in commands.items():
            costs[name].append(_child_cpu(lambda command=command: _run(command)))  # type: ignore[misc]
    print(f"{'start-up':32}{'CPU s':>8}")
    for name, seconds in costs.items():
        print(f"{name:32}{min(seconds):>8.2f}")
    print()


def _print_workers(manifest: Path) -> None:
    walls: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(3):
        for workers, taken in walls.items():
            started = time.monotonic()
            out = str(manifest.with_name("out.jsonl"))
            _run([sys.executable, "-m", "scrapy", "extract", "--manifest", str(manifest), "--output", out,
                  "--workers", str(workers)])  # fmt: skip
            taken.append(time.monotonic() - started)
    one, two = min(walls[1]), min(walls[2])
    pages = len(manifest.read_text(encoding="utf-8").splitlines())
    print(f"{pages} pages: 1 worker {one:.2f} s, 2 workers {two:.2f} s, {one / two:.2f} times as fast")
    print(f"({os.cpu_count()} cores, load {os.getloadavg()[0]:.1f})\n")


def _print_profile(pages: Sequence[bytes]) -> None:
    extract_page(pages[0])
    parse = sum(_cpu(lambda html=html: lxml.html.document_fromstring(html)) for html in pages)  # type: ignore[misc]
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    for html in pages:
        extract_page(html)
    profile.disable()
    stats = pstats.Stats(profile)
    whole = stats.total_tt  # type: ignore[attr-defined]  # typeshed has no attributes of Stats
    print(
        f"the profile, {len(pages)} pages: share of the whole, callees included (a bare parse is {parse / whole:.1%})"
    )
    for share, name in _shares(stats, whole)[:25]:
        print(f"  {share:6.1%}  {name}")


def _shares(stats: pstats.Stats, whole: float) -> list[tuple[float, str]]:
    rows = []
    for (file, _, function), (_, _, _, cumulative, _) in stats.stats.items():  # type: ignore[attr-defined]  # as above
        if f"{os.sep}crawler{os.sep}" in file:
            rows.append((cumulative / whole, f"{file.rsplit(f'crawler{os.sep}', 1)[-1]}  {function}"))
    return sorted(rows, reverse=True)


def _unpack(pages: Sequence[bytes], folder: Path) -> Path:
    def lines() -> Iterator[str]:
        for number, html in enumerate(pages):
            (folder / f"{number}.html").write_bytes(html)
            yield json.dumps({"id": str(number), "file": f"{number}.html"}) + "\n"

    manifest = folder / "manifest.jsonl"
    manifest.write_text("".join(lines()), encoding="utf-8")
    return manifest


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _child_cpu(work: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
