"""Metrics: read from the database as it is, in the format of Prometheus; the dashboard shows none that is not there."""

import json
import re
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.engine import open_database
from pipelines.alarms import note_caught_up
from pipelines.metrics import Measure, measures
from tests.conftest import ROOT, RunScrapy
from tests.free_ports import free_ports
from tests.test_alarms import bare, run, timeouts, whole

DASHBOARD = json.loads((ROOT / "pipelines" / "metrics" / "dashboard.json").read_text("utf-8"))
NOW = datetime.now(UTC)


def fill(engine: Engine) -> None:
    note_caught_up(engine, "sqlite:///copy.db", shown="sqlite:///copy.db", tables=["page"], now=NOW)
    run(engine, whole("before"))
    run(engine, [*bare("after"), *timeouts("late")[:5]])


def values(found: tuple[Measure, ...]) -> dict[str, dict[tuple[str, ...], float]]:
    return {measure.name: {sample.labels: sample.value for sample in measure.samples} for measure in found}


def test_measures_tell_what_is_stored(engine: Engine) -> None:
    fill(engine)

    found = values(measures(engine, now=datetime.now(UTC)))

    assert found["triptych_requests"] == {("stored",): 40, ("unchanged",): 0, ("failed",): 5, ("refused",): 0}
    assert found["triptych_field_ratio"]["example.com", "authors"] == 0.0
    assert found["triptych_field_ratio"]["example.com", "headline"] == 1.0
    assert found["triptych_articles_new"] == {("example.com",): 20}
    assert found["triptych_failures"] == {("example.com", "timeout"): 5}
    assert found["triptych_alarms_open"]["field",] == 8
    assert found["triptych_runs_open"] == {(): 0}
    assert found["triptych_changes"][()] > 100
    assert found["triptych_database_bytes"][()] > 10_000


def test_a_copy_is_behind_from_its_first_missing_change_on(engine: Engine) -> None:
    fill(engine)

    found = values(measures(engine, now=datetime.now(UTC) + timedelta(hours=2)))

    assert found["triptych_sync_behind_changes"]["sqlite:///copy.db",] > 40
    assert found["triptych_sync_lag_seconds"]["sqlite:///copy.db",] >= 7200


def test_an_empty_database_has_measures_too(engine: Engine) -> None:
    found = values(measures(engine, now=NOW))

    assert found["triptych_requests"]["stored",] == 0
    assert found["triptych_frontier_due_pages"] == {(): 0}


def test_every_metric_of_the_dashboard_is_there(engine: Engine) -> None:
    fill(engine)
    found = measures(engine, now=NOW)
    given = {f"{measure.name}_total" if measure.is_counter else measure.name for measure in found if measure.samples}

    shown = set(re.findall(r"triptych_\w+", json.dumps(DASHBOARD)))

    assert shown <= given
    assert given <= shown, "the dashboard shows all there are"


def test_panels_of_the_dashboard_do_not_overlap() -> None:
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in DASHBOARD["panels"]]

    assert len(set(places)) == len(places) == len({panel["id"] for panel in DASHBOARD["panels"]})


@pytest.fixture
def stored(sqlite_url: str) -> str:
    pytest.importorskip("prometheus_client", reason="the extra `metrics` is not installed")
    opened = open_database(sqlite_url)
    fill(opened)
    opened.dispose()
    return sqlite_url


def test_the_command_prints_and_writes_the_same_format(run_scrapy: RunScrapy, stored: str, tmp_path: Path) -> None:
    printed = run_scrapy("metrics", "-s", f"DATABASE_URL={stored}")
    written = run_scrapy("metrics", "--textfile", tmp_path / "t.prom", "-s", f"DATABASE_URL={stored}")

    assert (printed.returncode, written.returncode) == (0, 0), printed.stderr + written.stderr
    lines = printed.stdout.splitlines()
    assert 'triptych_requests_total{outcome="stored"} 40.0' in lines
    assert "# TYPE triptych_requests_total counter" in lines
    assert 'triptych_field_ratio{field="authors",site="example.com"} 0.0' in lines
    assert 'triptych_requests_total{outcome="failed"} 5.0' in (tmp_path / "t.prom").read_text("utf-8")


def test_the_command_serves_what_is_stored_now(stored: str) -> None:
    [port] = free_ports(1)
    command = [sys.executable, "-m", "scrapy", "metrics", "--port", str(port), "-s", f"DATABASE_URL={stored}"]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as served:
        try:
            assert 'outcome="stored"} 40.0' in _asked(f"http://127.0.0.1:{port}/metrics")
        finally:
            served.terminate()


def _asked(url: str) -> str:
    for _ in range(1200):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  # our own, on loopback
                return str(answer.read(), "utf-8")
        except OSError:
            time.sleep(0.1)
    return "nothing answered"


@pytest.mark.parametrize("arguments", [("--port", "0"), ("--port", "9", "--textfile", "x"), ("extra",)], ids=str)
def test_a_wrong_call_is_told(run_scrapy: RunScrapy, arguments: tuple[str, ...]) -> None:
    assert run_scrapy("metrics", *arguments).returncode == 2
