"""A few cases of the hostile kit, as tests/hostile/README.md runs all of them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.hostile import AWAY, can_make_namespace, judge, views
from tests.free_ports import free_ports

ROOT = Path(__file__).parents[1]
KIT = ROOT.parent / "shared" / "kit" / "hostile"
# None of them takes long, and none names an address other than 127.0.0.1.
ON_LOOPBACK = (
    *("control-ok", "cl-short", "chunk-truncated", "header-bytes"),
    *("nul-raw", "surrogate-entity", "long-url-3k", "charset-unknown"),
    *("attrs-200k", "odd-related", "tags-variants", "trap-relative"),
)
INSIDE = ("redirect-internal", "redirect-subdomain-v6", "link-subdomain")
"""Which name others, so they need the namespace."""

pytestmark = pytest.mark.skipif(not (KIT / "judge.py").is_file(), reason="the hostile kit is not beside the project")


def _only(cases: tuple[str, ...]) -> str:
    return f"^({'|'.join(cases)})$"


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_view_of_the_judge_is_a_statement_of_our_tables(dialect: str) -> None:
    found = views(dialect)

    assert set(found) == {"db", "article", "related", "tag", "error"}
    assert ("public." in found["article"]) == (dialect == "postgresql")


def test_what_a_hostile_server_sends_is_survived_and_accounted_for(tmp_path: Path) -> None:
    # The server listens beside its port too, for what nobody may reach.
    port, control = free_ports(2)
    ports = ("--port", f"{port}", "--control-port", f"{control}", "--slack", "3")

    results = judge(KIT, tmp_path, dialect="sqlite", options=("--only", _only(ON_LOOPBACK), *ports))

    assert {each.case: each.faults for each in results if each.faults} == {}
    assert {each.case for each in results} == set(ON_LOOPBACK)
    assert {each.group for each in results} & AWAY == set()


def test_nothing_inside_is_reached_from_a_page(tmp_path: Path) -> None:
    if not can_make_namespace(KIT):
        pytest.skip("a network namespace takes root on Linux; without one, no case may name a private address")
    arguments = ("--only", _only(INSIDE), "--slack", "3", "--keep", str(tmp_path))

    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.hostile", str(KIT), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "FAIL" not in done.stdout, done.stdout
    assert len(re.findall("^ok ", done.stdout, re.MULTILINE)) == len(INSIDE) + 1, done.stderr  # and the control case
    assert done.returncode == 0
