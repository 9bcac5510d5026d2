"""Malformed documents, a few of many: none stops the reading of the others, and all can be stored."""

from pathlib import Path

from tests.benchmarks.fuzzing import fuzz


def test_malformed_documents_become_pages_or_refusals_and_can_be_stored(tmp_path: Path) -> None:
    verdict = fuzz(range(150), database_url=f"sqlite:///{tmp_path / 'fuzzed.db'}")

    assert verdict.documents == 150
    assert verdict.outcomes["page"] > 100
    assert verdict.is_clean
