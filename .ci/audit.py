"""Known faults of the locked packages, by pip-audit. Fails for one that is known; says so where nobody can be asked."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).with_name("requirements.txt")
SECONDS = 120
SOURCE_SECONDS = 10
IGNORED: dict[str, str] = {}  # by id: why it does not touch us


def main() -> None:
    command = [sys.executable, "-m", "pip_audit", "--requirement", LOCK, "--require-hashes", "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off", "--timeout", str(SOURCE_SECONDS)]
    command += [part for fault in IGNORED for part in ("--ignore-vuln", fault)]
    try:
        done = subprocess.run(  # noqa: S603  # the tool, with files of our own
            command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=SECONDS
        )
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        sys.exit(skipped(f"no answer within {SECONDS} s"))
    except (ValueError, KeyError):
        sys.exit(skipped((done.stderr.strip().splitlines() or ["it says nothing"])[-1][:200]))
    known = [(each["name"], each["version"], fault["id"]) for each in packages for fault in each.get("vulns", ())]
    unknown = [each for each in packages if "skip_reason" in each]
    for name, version, fault in known:
        print(f"{name} {version} has the known fault {fault}; take a later one: python .ci/lock.py --only {name}")
    if unknown:
        skipped(f"{len(unknown)} of {len(packages)} packages are not known where it asks, {unknown[0]['name']} first")
    if not known and not unknown:
        print(f"no known fault in {len(packages)} packages")
    sys.exit(1 if known else 0)


def skipped(reason: str) -> int:
    print(f"skipped: known faults of the packages were not looked up: {reason}")
    return 0


if __name__ == "__main__":
    main()
