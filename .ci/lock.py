"""Writes .ci/requirements.txt: what `pip install -e .` brings in on this kind of machine today, each with its hash.

python .ci/lock.py            with a pip as of 2023 or later; in no particular environment
python .ci/lock.py --only X   only X is brought up to date, and all else stays as it is
"""

import argparse
import json
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = Path(__file__).with_name("requirements.txt")
HEAD = f"""\
# What the default install brings in, on {{machine}}.
# Written by: python .ci/{Path(__file__).name}
# Installed by: pip install --require-hashes -r .ci/{LOCK.name} && pip install --no-deps -e .
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--only", metavar="PACKAGE", action="append", default=[])
    only = {folded(name) for name in arguments.parse_args().only}
    report = resolved(kept_versions(only) if only else [])
    lines = {}
    for item in report:
        name = folded(item["metadata"]["name"])
        digest = item["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256")
        if digest:  # all but our own folder
            lines[name] = f"{name}=={item['metadata']['version']} --hash=sha256:{digest}\n"
    LOCK.write_text(HEAD.format(machine=machine()) + "".join(lines[name] for name in sorted(lines)), "utf-8")
    print(f"{len(lines)} packages in {LOCK.relative_to(ROOT)}")


def resolved(constraints: list[str]) -> list[dict]:  # type: ignore[type-arg]  # as pip's own format has it
    with tempfile.TemporaryDirectory() as folder:
        wanted, told = Path(folder, "constraints.txt"), Path(folder, "report.json")
        wanted.write_text("".join(constraints), "utf-8")
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed"]
        subprocess.run(  # noqa: S603  # pip, with files of our own
            [*command, "--only-binary=:all:", "--constraint", wanted, "--report", told, ROOT], check=True
        )
        found: list[dict] = json.loads(told.read_text("utf-8"))["install"]  # type: ignore[type-arg]  # the same
        return found


def kept_versions(changed: set[str]) -> list[str]:
    lines = [line for line in LOCK.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [f"{line.partition(' ')[0]}\n" for line in lines if line.partition("==")[0] not in changed]


def folded(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def machine() -> str:
    return f"CPython {sys.version_info.major}.{sys.version_info.minor}, {platform.system()} {platform.machine()}"


if __name__ == "__main__":
    main()
