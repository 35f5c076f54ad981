"""A post's client in one file, with Python's own library alone: sign in, fetch what to judge by, scan, stamp, sync.

Every stamp gets its id here and is written to disk before it is sent, so it may be sent again until an answer arrives:
the server records an id once. Explained in docs/post-client.md; run: post_client.py URL USERNAME PASSWORD CARNET
"""

import json
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

Json = dict[str, Any]
TABLES = """
    CREATE TABLE IF NOT EXISTS held (name TEXT PRIMARY KEY, etag TEXT, content TEXT);
    CREATE TABLE IF NOT EXISTS stamps (id TEXT PRIMARY KEY, body TEXT, state TEXT DEFAULT 'unsent', answer TEXT);
"""
A_BATCH = 500  # the most that one request may hold


class Offline(Exception):
    """No answer came: the server may or may not have done what was asked."""


class Problem(Exception):
    """The server said no, and why: `code` is stable, `detail` is for people."""

    def __init__(self, said: Json) -> None:
        super().__init__(f"{said['code']}: {said['detail']}")
        self.code = said["code"]


class Post:
    """One office's client. `queue` is a file; what is in it outlives the program."""

    def __init__(self, url: str, queue: str, language: str = "en") -> None:
        self.url, self.token = f"{url.rstrip('/')}/api/v1", ""
        self.headers = {"Accept-Language": language, "Content-Type": "application/json"}
        self.kept = sqlite3.connect(queue, isolation_level=None)  # every statement is on disk when it returns
        self.kept.executescript(TABLES)

    def sign_in(self, username: str, password: str) -> str | None:
        """Return the office that the officer serves at."""
        answer = self.ask("/auth/token/", {"username": username, "password": password})
        self.token = answer["token"]
        office: str | None = answer["user"]["office"]
        return office

    def refresh(self) -> Json:
        """Return what to judge by without a network: fetched if it changed, else as it is held."""
        etag, held = self.kept.execute("SELECT etag, content FROM held WHERE name = 'bundle'").fetchone() or (
            "",
            "",
        )
        request = self.request("/post/bundle/", None, {"If-None-Match": etag} if etag else {})
        try:
            with urlopen(request, timeout=20) as answer:
                held, etag = answer.read().decode(), answer.headers["ETag"]
            self.kept.execute("REPLACE INTO held VALUES ('bundle', ?, ?)", (etag, held))
        except HTTPError as answer:
            if answer.code != 304:  # noqa: PLR2004  (not modified)
                raise Problem(json.load(answer)) from None
        except (OSError, HTTPException) as lost:
            if not held:
                raise Offline from lost
        return dict(json.loads(held))

    def scan(self, number: str) -> Json:
        """Return verdict, reasons, and which stamp is expected here."""
        return self.ask("/scans/", {"number": number})

    def stamp(self, carnet: str, page: int, **said: Any) -> str:
        """Certify a page, and return the stamp's id: it is on disk, whether or not there is a network."""
        body = {"id": str(uuid4()), "carnet": carnet, "page": page, "offline": True, **said}
        body.setdefault("occurred_at", datetime.now(UTC).isoformat())
        self.kept.execute("INSERT INTO stamps (id, body) VALUES (?, ?)", (body["id"], json.dumps(body)))
        return str(body["id"])

    def sync(self) -> list[Json]:
        """Send what is unsent, and return the server's result for each. On `Offline` nothing is lost: call it again."""
        results: list[Json] = []
        while waiting := list(self.unsent())[:A_BATCH]:
            answer = self.ask("/stamps/batch/", {"stamps": waiting})["results"]
            for stamp, result in zip(waiting, answer, strict=True):  # by place: not every id can be read
                state = "sent" if result["outcome"] in ("recorded", "duplicate") else "to_resolve"
                said = (state, json.dumps(result), stamp["id"])
                self.kept.execute("UPDATE stamps SET state = ?, answer = ? WHERE id = ?", said)
            results += answer
        return results

    def unsent(self) -> Iterator[Json]:
        for (body,) in self.kept.execute("SELECT body FROM stamps WHERE state = 'unsent' ORDER BY rowid"):
            yield json.loads(body)

    def to_resolve(self) -> list[Json]:
        """Return what the server kept beside another stamp, or refused: a person decides, nothing is dropped."""
        rows = self.kept.execute("SELECT answer FROM stamps WHERE state = 'to_resolve' ORDER BY rowid")
        return [json.loads(answer) for (answer,) in rows]

    def export(self, officer: str) -> Json:
        """Return the unsent stamps as a file that a colleague at the same office can hand in."""
        head = {"format": "tir-unsent-1", "officer": officer, "exported_at": datetime.now(UTC).isoformat()}
        return {**head, "stamps": list(self.unsent())}

    def request(self, path: str, body: Json | None, headers: Json) -> Request:
        token = {"Authorization": f"Token {self.token}"} if self.token else {}
        data = json.dumps(body).encode() if body is not None else None
        return Request(self.url + path, data, {**self.headers, **token, **headers})

    def ask(self, path: str, body: Json) -> Json:
        """Post a body and return the answer. A fault of the server is as good as no answer: ask again later."""
        try:
            with urlopen(self.request(path, body, {}), timeout=20) as answer:
                return dict(json.load(answer))
        except HTTPError as answer:
            if answer.code >= 500:  # noqa: PLR2004
                raise Offline from answer
            raise Problem(json.load(answer)) from None
        except (OSError, HTTPException, ValueError) as lost:
            raise Offline from lost


def main(url: str, username: str, password: str, number: str) -> None:
    """Sign in, look at one carnet, stamp its next page and send what is kept."""
    post = Post(url, "post.sqlite")
    office = post.sign_in(username, password)
    print(f"At {office}, {len(post.refresh()['stop_list']['entries'])} carnets on the stop list.")
    seen = post.scan(number)
    print(f"{number}: {seen['verdict']}, expected here: {seen['expected']}")
    if seen["verdict"] != "stop" and seen["expected"]:
        post.stamp(number, seen["expected"]["page"], seals={"intact": True, "found": seen["seals"]})
    for result in post.sync():
        print(f"{result['id']}: {result['outcome']}")
    print(f"{len(list(post.unsent()))} unsent, {len(post.to_resolve())} to resolve.")


if __name__ == "__main__":
    main(*sys.argv[1:])
