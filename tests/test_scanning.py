"""Files of any form give all their records, and a damaged one costs itself."""

import gzip
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.archive.members import read_record
from pipelines.archive.scanning import Damaged, Scanned, scan
from tests.foreign_warcs import NOW, Foreign, Form, article, write_warc

RECORDS = [
    Foreign(url=f"https://example.com/{number}", body=article(f"No. {number}"), at=NOW + timedelta(number))
    for number in range(4)
]


def found_in(path: Path, scratch: Path) -> tuple[list[Scanned], list[Damaged]]:
    every = list(scan(path, scratch))
    return [each for each in every if isinstance(each, Scanned)], [each for each in every if isinstance(each, Damaged)]


@pytest.mark.parametrize("form", Form)
def test_all_records_are_found_and_read_by_their_places(tmp_path: Path, form: Form) -> None:
    path = write_warc(tmp_path / "other.warc", RECORDS, form)

    found, damaged = found_in(path, tmp_path)

    assert damaged == []
    assert [each.fields["warc-target-uri"] for each in found[1:]] == [f"<{record.url}>" for record in RECORDS]
    assert found[-1].scanned_bytes <= max(path.stat().st_size, found[-1].path.stat().st_size)
    blocks = [read_record(each.path, each.offset).block for each in found[1:]]
    assert all(block.endswith(record.body) for block, record in zip(blocks, RECORDS, strict=True))


@pytest.mark.parametrize("form", Form)
def test_a_file_that_ends_within_a_record_gives_those_before(tmp_path: Path, form: Form) -> None:
    path = write_warc(tmp_path / "torn.warc", RECORDS, form)
    path.write_bytes(path.read_bytes()[:-100])

    found, damaged = found_in(path, tmp_path)

    urls = [each.fields["warc-target-uri"] for each in found[1:]]
    assert urls == [f"<{record.url}>" for record in RECORDS[: len(urls)]]
    assert 2 <= len(urls) < 4
    assert "the file ends within the record" in damaged[0].reason


@pytest.mark.parametrize("form", [Form.PLAIN, Form.EACH])
def test_a_damaged_record_costs_itself(tmp_path: Path, form: Form) -> None:
    packed = RECORDS[1].packed()
    broken = packed.replace(b"Content-Length: ", b"Content-Length: 9", 1)
    path = write_warc(tmp_path / "damaged.warc", [RECORDS[0], broken, *RECORDS[2:]], form)

    found, damaged = found_in(path, tmp_path)

    assert [each.fields["warc-target-uri"][-2] for each in found[1:]] == ["0", "2", "3"]
    assert len(damaged) == 1


def test_a_member_with_a_wrong_sum_costs_itself(tmp_path: Path) -> None:
    members = [bytearray(gzip.compress(record.packed())) for record in RECORDS]
    members[1][-6] ^= 1
    path = tmp_path / "damaged.warc.gz"
    path.write_bytes(b"".join(members))

    found, damaged = found_in(path, tmp_path)

    assert [each.fields["warc-target-uri"][-2] for each in found] == ["0", "2", "3"]
    assert "damaged gzip member" in damaged[0].reason


@settings(max_examples=60)
@given(form=st.sampled_from(Form), place=st.integers(0, 5000), noise=st.binary(max_size=60))
def test_whatever_is_written_over_a_file_it_is_read_to_its_end(form: Form, place: int, noise: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = write_warc(Path(folder) / "noise.warc", RECORDS, form)
        content = bytearray(path.read_bytes())
        content[place : place + len(noise)] = noise
        path.write_bytes(content)

        found, damaged = found_in(path, Path(folder))

        assert len(found) + len(damaged) <= 3 * len(RECORDS)
        assert found or damaged
