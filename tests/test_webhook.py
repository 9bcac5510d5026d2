"""Changes posted to a URL: signed, in order, again until they are taken, and kept where they are refused."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import Engine, text

from models.engine import open_database, reading, writing
from models.errors import StorageUnavailable
from pipelines.sync import ROOTS, Choice, WebhookSync
from tests.conftest import RunScrapy
from tests.downstream import fill, record_delete, sums, wait_for_others

SECRET = b"sesame"
SITES = ["elsewhere.example", "example.com"]
"""Of the articles that are stored, and of what they say they are reprints of."""
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is the same on both."""


@dataclass
class Receiver:
    """Answers with the statuses given, then with 204."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    """Those that were taken."""

    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for _, body in self.posts for line in body.decode().splitlines()]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = made.answers.pop(0) if made.answers else 204
            if status == 204:
                made.posts.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/hook?token=1"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def post(engine: Engine, receiver: Receiver, roots: tuple[str, ...] = ROOTS, **options: Any) -> int:
    wait_for_others(engine)
    sync = WebhookSync(engine, receiver.url, Choice(roots=roots), secret=SECRET, **options)
    return sum(step.changes for step in sync.catch_up())


def test_every_row_is_posted_once_whole_and_signed(engine: Engine, receiver: Receiver) -> None:
    fill(engine, range(30))

    post(engine, receiver)
    again = post(engine, receiver)

    records = receiver.records()
    stored = sums(engine)
    assert again == 0
    assert {name: len({r["id"] for r in records if r["table"] == name}) for name in ROOTS} == {
        name: stored[name].rows for name in ROOTS
    }
    page = next(record["row"] for record in records if record["table"] == "page" and record["row"]["outlink"])
    assert [item["headline"] for item in page["link_list"][0]["link_item"]] == ["№ 1", "№ 2"]
    article = next(record["row"] for record in records if record["table"] == "article")
    assert article["article_version"][0]["article_body"].startswith("Text 0")
    for headers, body in receiver.posts:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"


def test_row_that_is_gone_is_posted_as_a_delete(engine: Engine, receiver: Receiver) -> None:
    fill(engine, range(2))
    post(engine, receiver)
    receiver.posts.clear()
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM article WHERE id = 1"))
        record_delete(connection, "article", 1)

    post(engine, receiver)

    assert receiver.records() == [{"table": "article", "id": 1, "op": "delete", "row": None}]


@ON_SQLITE
@pytest.mark.parametrize("status", [500, 503, 429])
def test_receiver_that_is_busy_is_asked_again(engine: Engine, receiver: Receiver, status: int) -> None:
    fill(engine, range(2))
    receiver.answers = [status, status]

    post(engine, receiver, ("site",))

    assert [record["row"]["domain"] for record in receiver.records()] == SITES


@ON_SQLITE
def test_receiver_that_is_away_for_too_long_moves_no_position(engine: Engine, receiver: Receiver) -> None:
    fill(engine, range(2))
    receiver.answers = [500] * 10

    with pytest.raises(StorageUnavailable, match=r"/hook took nothing in \d attempts: 500"):
        post(engine, receiver, ("site",), retry_seconds=0.2)
    receiver.answers.clear()

    assert post(engine, receiver, ("site",)) == len(SITES)


@ON_SQLITE
@pytest.mark.parametrize("status", [400, 410, 302])
def test_batch_that_is_refused_is_kept_and_passed_over(engine: Engine, receiver: Receiver, status: int) -> None:
    fill(engine, range(2))
    receiver.answers = [status]

    post(engine, receiver, ("site",))
    fill(engine, range(2, 4), version=1)

    assert post(engine, receiver, ("tag",)) > 0
    with reading(engine) as connection:
        (letter,) = connection.execute(text("SELECT * FROM dead_letter")).all()
    assert (letter.status, letter.attempts) == (status, 1)
    assert [json.loads(line)["row"]["domain"] for line in letter.message.splitlines()] == SITES


def test_dead_letters_are_posted_again_as_their_rows_are_now(engine: Engine, receiver: Receiver) -> None:
    fill(engine, range(2))
    receiver.answers = [400]
    post(engine, receiver, ("article",))
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM article WHERE id = 1"))
        connection.execute(text("UPDATE article SET headline = 'Newer' WHERE id = 2"))
    sync = WebhookSync(engine, receiver.url, Choice(), secret=SECRET)
    receiver.answers = [400]

    refused = list(sync.resend())
    taken = list(sync.resend())

    assert [step.refused for step in (*refused, *taken)] == [True, False]
    assert [(each["id"], each["op"], (each["row"] or {}).get("headline")) for each in receiver.records()] == [
        (1, "delete", None),
        (2, "update", "Newer"),
    ]
    assert list(sync.resend()) == []


def test_command_posts_and_says_what_was_refused(run_scrapy: RunScrapy, receiver: Receiver, tmp_path: Any) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    fill(engine, range(2))
    engine.dispose()
    receiver.answers = [400]

    unsigned = run_scrapy("sync", receiver.url)
    refused = run_scrapy("sync", receiver.url, "-s", "WEBHOOK_SECRET=sesame")
    resent = run_scrapy("sync", receiver.url, "--resend", "-s", "WEBHOOK_SECRET=sesame")
    misused = run_scrapy("sync", "sqlite:///x.db", "--resend")

    assert (unsigned.returncode, refused.returncode, resent.returncode, misused.returncode) == (2, 1, 0, 2)
    assert "1 dead letter taken, 0 dead letters refused again" in resent.stderr
    assert "set TRIPTYCH_WEBHOOK_SECRET" in unsigned.stderr
    assert "refused 1 of the batches" in refused.stderr
    assert "token" not in refused.stderr
