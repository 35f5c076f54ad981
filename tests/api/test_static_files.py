"""The scanner's files, as a browser that installs a web app needs them: types, caching, how far they reach."""

import gzip
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from whitenoise.compress import main as compress

from tests.api.calls import problem

FILES = {
    "index.html": "<!doctype html><title>TIR</title>" + " " * 500,
    "sw.js": "self.addEventListener('fetch', () => {})",
    "manifest.webmanifest": '{"name": "TIR"}',
    "assets/app-3f9a0c11.js": "let a = 1;\n" * 400,
    "assets/zxing-77aa01bb.wasm": "\0asm",
}


@pytest.fixture
def built(settings: Settings, tmp_path: Path) -> Client:
    """A client of a server whose scanner was built and compressed, as script/assets leaves it."""
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    compress([str(tmp_path), "--quiet"])
    settings.TIR_SCANNER = tmp_path
    return Client()


@pytest.mark.parametrize(
    ("path", "kind", "kept"),
    [
        ("", 'text/html; charset="utf-8"', "no-cache"),
        ("sw.js", 'text/javascript; charset="utf-8"', "no-cache"),
        ("manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("assets/app-3f9a0c11.js", 'text/javascript; charset="utf-8"', "public, max-age=31536000, immutable"),
        ("assets/zxing-77aa01bb.wasm", "application/wasm", "public, max-age=31536000, immutable"),
    ],
)
def test_files_have_their_type_and_are_kept_as_long_as_they_hold(
    built: Client, path: str, kind: str, kept: str
) -> None:
    answer = built.get(f"/post/{path}")

    assert answer.status_code == 200
    assert (answer["Content-Type"], answer["Cache-Control"]) == (kind, kept)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.has_header("Access-Control-Allow-Origin")


def test_the_service_worker_reaches_the_whole_app(built: Client) -> None:
    assert built.get("/post/sw.js")["Service-Worker-Allowed"] == "/post/"


def test_the_page_speaks_to_this_server_alone(built: Client) -> None:
    page = built.get("/post/")

    assert "connect-src 'self'" in page["Content-Security-Policy"]
    assert "'unsafe-eval'" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert "camera=(self)" in page["Permissions-Policy"]


def test_what_compresses_is_sent_compressed(built: Client) -> None:
    answer = built.get("/post/assets/app-3f9a0c11.js", headers={"Accept-Encoding": "gzip"})

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(content).decode() == FILES["assets/app-3f9a0c11.js"]


@pytest.mark.parametrize(("path", "to"), [("/post", "post/"), ("/post/index.html", "./")])
def test_the_page_has_one_address(built: Client, path: str, to: str) -> None:
    answer = built.get(path)

    assert (answer.status_code, answer["Location"]) == (302, to)


def test_what_is_not_there_is_a_problem(built: Client) -> None:
    problem(built.get("/post/assets/none.js"), 404, "no_such_address")


def test_a_scanner_that_is_not_built_says_so(settings: Settings, tmp_path: Path) -> None:
    settings.TIR_SCANNER = tmp_path / "nothing"

    problem(Client().get("/post/"), 404, "scanner_not_built")
    assert Client().get("/post")["Location"] == "/post/"
