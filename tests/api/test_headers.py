"""What a browser is told beside every answer: pages, data, files, refusals."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver

from api.consoles import urls
from tests.world import World
from tir.accounts.models import Role, User

NOTHING_FROM_ELSEWHERE = re.compile(r"https?:|\*|'unsafe-(inline|eval)'")
ANSWERS = [
    "/api/v1/docs/", "/api/v1/docs/?script=", "/api/v1/schema/", "/api/v1/carnets/", "/api/v1/no-such/",
    "/healthz/live", "/.well-known/jwks.json", "/check/", "/console/sign-in/", "/console/no-such/", "/post/",
    "/static/consoles/console.css",
]  # fmt: skip


def pages(
    patterns: Sequence[URLPattern | URLResolver] = urls.urlpatterns, at: str = "/console/"
) -> Iterator[str]:
    """Yield every page of the consoles whose address names nothing."""
    for each in patterns:
        address = f"{at}{each.pattern}"
        if {"<", "(", "^"} & set(address):
            continue
        if isinstance(each, URLResolver):
            yield from pages(each.url_patterns, address)
        else:
            yield address


def policy(answer: Any) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";"))
    return {name: value for name, _blank, value in parts}


def ensure_walled(answer: Any) -> None:
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    if answer["Content-Type"].startswith("text/html"):
        assert "microphone=()" in answer["Permissions-Policy"]
    if "javascript" in answer["Content-Type"]:
        return
    said = policy(answer)
    assert said["default-src"] in {"'none'", "'self'"}
    assert said["frame-ancestors"] == "'none'"
    assert said["base-uri"] == "'none'"
    assert not NOTHING_FROM_ELSEWHERE.search(answer["Content-Security-Policy"])


@pytest.mark.parametrize("address", ANSWERS)
def test_every_kind_of_answer_to_nobody_in_particular(world: World, address: str) -> None:
    ensure_walled(Browser().get(address))


def test_what_a_browser_kept_stays_under_the_policy_that_it_came_with(world: World) -> None:
    browser = Browser()
    came = browser.get("/post/")
    again = browser.get("/post/", headers={"If-None-Match": came["ETag"]})

    assert "script-src" in came["Content-Security-Policy"]
    assert again.status_code == 304
    assert not {"Content-Security-Policy", "Permissions-Policy"} & set(again.headers)


@pytest.mark.parametrize("role", Role)
def test_every_page_of_the_consoles(world: World, role: Role, person_page: Any) -> None:
    browser = person_page(role)
    addresses = list(pages())
    assert len(addresses) > 10
    answers = {address: browser.get(address) for address in addresses}
    assert 200 in {answer.status_code for answer in answers.values()} | {302}
    for answer in answers.values():
        if answer.status_code != 302:
            ensure_walled(answer)


@pytest.mark.parametrize("address", ANSWERS)
def test_no_other_site_may_read_an_answer(world: World, address: str) -> None:
    """No header of CORS is sent, whatever another site asks for; and TRACE gives nobody their own headers back."""
    elsewhere = Browser(headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    answers = [elsewhere.get(address), elsewhere.options(address), elsewhere.trace(address)]

    assert [
        name for answer in answers for name in answer.headers if name.lower().startswith("access-control-")
    ] == []
    assert answers[-1].status_code in (404, 405)
    assert b"evil.example" not in answers[-1].getvalue()


def test_the_camera_is_for_pages_that_read_codes_alone(world: World, person_page: Any) -> None:
    officer = Browser()
    officer.force_login(world.officers["KZHOR001"], backend="django.contrib.auth.backends.ModelBackend")
    assert "camera=(self)" in officer.get("/console/post/desk/")["Permissions-Policy"]
    assert "camera=()" in officer.get("/console/post/")["Permissions-Policy"]
    assert "camera=()" in Browser().get("/console/sign-in/")["Permissions-Policy"]


def test_behind_tls_browsers_keep_to_it(world: World, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_PROXY_SSL_HEADER = (
        31_536_000,
        ("HTTP_X_FORWARDED_PROTO", "https"),
    )
    assert "Strict-Transport-Security" not in Browser().get("/check/")
    behind = Browser(headers={"X-Forwarded-Proto": "https"}).get("/check/")
    assert behind["Strict-Transport-Security"] == "max-age=31536000"


@pytest.fixture
def person_page(world: World) -> Any:
    def sign_in(role: Role) -> Browser:
        browser = Browser()
        user = User.objects.create_user(f"headers-{role}", roles=[role], country="KZ")
        browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    return sign_in
