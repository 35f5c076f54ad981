"""Calls with a token go without a browser's session; everything else is asked for one."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.api.calls import ok, problem
from tests.world import World
from tir.signin.models import Session

READ, CONSOLE = "/api/v1/carnets/", "/console/"
SESSIONS = Session._meta.db_table


@pytest.fixture
def signed_in(world: World) -> Browser:
    browser = Browser()
    browser.force_login(world.staff["CN"])
    return browser


class TestASession:
    def test_is_asked_for_where_a_proxy_in_front_adds_its_own_password(self, signed_in: Browser) -> None:
        assert signed_in.get(READ).status_code == 200
        assert signed_in.get(READ, HTTP_AUTHORIZATION="Basic cHJveHk6cGFzc3dvcmQ=").status_code == 200

    def test_is_no_way_in_beside_a_token_that_is_not_valid(self, signed_in: Browser) -> None:
        answer = signed_in.get(READ, HTTP_AUTHORIZATION=f"Token {'0' * 64}")

        assert problem(answer, 401, "not_signed_in")["status"] == 401

    def test_is_asked_for_by_pages_whatever_token_comes_along(self, signed_in: Browser) -> None:
        assert signed_in.get(CONSOLE, HTTP_AUTHORIZATION=f"Token {'0' * 64}", follow=True).status_code == 200

    def test_is_not_read_where_a_token_says_who_calls(
        self, signed_in: Browser, association: APIClient
    ) -> None:
        association.cookies = signed_in.cookies

        with CaptureQueriesContext(connection) as captured:
            ok(association.get(READ))

        assert not [query for query in captured.captured_queries if SESSIONS in query["sql"]]
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(READ).status_code == 200
        assert [query for query in captured.captured_queries if SESSIONS in query["sql"]]


class TestTheShapeOfAnAnswer:
    @pytest.mark.parametrize(
        "accepted", ["*/*", "application/json", "text/html, application/json;q=0.9", "application/*"]
    )
    def test_is_json(self, association: APIClient, accepted: str) -> None:
        answer = association.get(READ, headers={"Accept": accepted})

        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/json"

    def test_is_indented_where_that_is_asked_for(self, association: APIClient) -> None:
        plain = association.get(READ, headers={"Accept": "application/json"}).content
        indented = association.get(READ, headers={"Accept": "application/json; indent=4"}).content

        assert b"\n    " in indented
        assert b"\n" not in plain

    def test_is_none_that_there_is_not(self, association: APIClient) -> None:
        answer = association.get(READ, headers={"Accept": "application/xml"})

        assert problem(answer, 406, "not_acceptable")["status"] == 406


class TestTheLanguageOfAnAnswer:
    @pytest.mark.parametrize(
        ("asked", "cookie", "language"),
        [
            ("ru", "", "ru"),
            ("zh-CN, en;q=0.5", "", "zh-hans"),
            ("fr", "", "en"),
            ("ru", "zh-hans", "zh-hans"),
        ],
    )
    def test_is_that_of_the_cookie_or_the_browser(
        self, guest: APIClient, asked: str, cookie: str, language: str
    ) -> None:
        if cookie:
            guest.cookies["django_language"] = cookie

        answer = guest.get(READ, headers={"Accept-Language": asked})

        assert answer["Content-Language"] == language
        assert "Accept-Language" in answer["Vary"]
