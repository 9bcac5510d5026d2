"""Serves the sample site in the foreground: python -m crawler.samplesite [--port N]."""

import argparse
import sys
from pathlib import Path

from crawler.samplesite.server import serve_forever


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m crawler.samplesite",
        description="Serves the sample site on 127.0.0.1 until interrupted.",
        epilog="example: python -m crawler.samplesite --port 8100",
    )
    parser.add_argument("--port", type=int, default=0, help="default: any free port")
    parser.add_argument(
        "--redesign", metavar="FILE", type=Path, help="articles are in another layout once there is this file"
    )
    arguments = parser.parse_args()
    try:
        for base_url in serve_forever(arguments.port, on_request=_show, redesign=arguments.redesign):
            print(f"{base_url}/  (Ctrl-C ends)", flush=True)
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"cannot serve on port {arguments.port}: {error}; try another --port", file=sys.stderr)
        return 1
    return 0


def _show(path: str, status: int) -> None:
    print(status, path, flush=True)


if __name__ == "__main__":
    sys.exit(main())
