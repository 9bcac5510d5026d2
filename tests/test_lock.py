"""The locked packages are those of the default install: all it brings in, within what pyproject.toml asks for."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

LOCK = ROOT / ".ci" / "requirements.txt"
LINE = re.compile(r"([a-z0-9-]+)==(\S+) --hash=sha256:[0-9a-f]{64}")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def locked() -> dict[str, str]:
    lines = [line for line in LOCK.read_text("utf-8").splitlines() if not line.startswith("#")]
    found = [LINE.fullmatch(line) for line in lines]
    return {match[1]: match[2] for match in found if match}


def needed(requirement: Requirement, seen: set[str]) -> Iterator[Requirement]:
    """The requirement, and what it needs in turn on this machine, as it is installed."""
    name = canonicalize_name(requirement.name)
    key = f"{name}[{','.join(sorted(requirement.extras))}]"
    if key in seen:
        return
    seen.add(key)
    yield requirement
    for text in requires(name) or ():
        further = Requirement(text)
        if further.marker is None or any(
            further.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)
        ):
            yield from needed(further, seen)


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def test_each_line_is_a_package_with_its_version_and_hash() -> None:
    lines = [line for line in LOCK.read_text("utf-8").splitlines() if not line.startswith("#")]

    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert list(locked()) == sorted(locked())
    assert len(locked()) == len(lines)


@pytest.mark.parametrize("text", PROJECT["dependencies"])
def test_what_the_project_asks_for_is_locked_at_a_version_it_takes(text: str) -> None:
    requirement = Requirement(text)

    assert requirement.specifier.contains(locked()[canonicalize_name(requirement.name)])


def test_all_that_the_default_install_brings_in_is_locked_and_nothing_else() -> None:
    other = [name for name, locked_version in locked().items() if installed(name) not in (None, locked_version)]
    if other:
        pytest.skip(
            f"other versions are installed, which may need others: {', '.join(other)}; .ci/run takes the locked"
        )
    seen: set[str] = set()

    found = {
        canonicalize_name(each.name) for text in PROJECT["dependencies"] for each in needed(Requirement(text), seen)
    }

    assert found == set(locked()), "write it anew: python .ci/lock.py"
