"""How much of a request is read: five megabytes, whatever its transfer encoding, and what is longer is answered."""

from base64 import b64encode
from io import BytesIO
from json import dumps
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from carnets.models import Carnet
from tests.api.calls import API, incident_body, ok, problem, stamp_body
from tests.pictures import JPEG
from tests.world import World

STAMPS = f"{API}/stamps/"
JSON = "application/json"
FIVE, TWENTY = 5_000_000, 20_000_000


class Sent(BytesIO):
    """What a client sends, with how much of it the server has read."""

    def __init__(self, content: bytes, *, breaks: bool = False) -> None:
        super().__init__(content)
        self.breaks = breaks

    def read(self, size: int | None = -1) -> bytes:
        part = super().read(size)
        if self.breaks and not part:
            raise OSError("the line was cut")
        return part


def send(client: APIClient, address: str, content: bytes, **headers: Any) -> tuple[Any, int]:
    """Post a body of that length; return the answer and how much was read."""
    sent = Sent(content, breaks=headers.pop("breaks", False))
    said = {"CONTENT_LENGTH": str(len(content)), **headers, "wsgi.input": sent}
    return client.generic("POST", address, content_type=JSON, **said), sent.tell()


def chunked(client: APIClient, address: str, content: bytes, **more: Any) -> tuple[Any, int]:
    """Post the same as a server hands on what came in chunks: without a length, and with an end."""
    ends = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    return send(client, address, content, **ends, **more)


def padded(body: dict[str, Any], size: int) -> bytes:
    """Return a body in JSON with blanks behind it, so that it is just so long."""
    return dumps(body).encode().ljust(size)


class TestABody:
    def test_is_read_up_to_five_megabytes(self, officer: APIClient, carnet: Carnet) -> None:
        answer, _read = send(officer, STAMPS, padded(stamp_body(carnet.number, 1), FIVE))

        assert ok(answer, 201)["page"] == 1

    def test_that_is_longer_is_refused_after_it_was_read(self, officer: APIClient) -> None:
        answer, read = send(officer, STAMPS, b" " * (FIVE + 1))

        assert problem(answer, 413, "body_too_large")["most_bytes"] == FIVE
        assert read == FIVE + 1

    def test_is_read_no_further_than_twenty_megabytes(self, officer: APIClient) -> None:
        answer, read = send(officer, STAMPS, b" " * (TWENTY + 1_000_000))

        problem(answer, 413, "body_too_large")
        assert TWENTY <= read < TWENTY + 1_000_000

    def test_is_measured_before_anybody_is_asked_who_they_are(self, guest: APIClient) -> None:
        answer, _read = send(guest, f"{API}/auth/token/", b" " * (FIVE + 1))

        problem(answer, 413, "body_too_large")

    @pytest.mark.parametrize("address", [STAMPS, f"{STAMPS}batch/", f"{API}/auth/logout/", f"{API}/devices/"])
    def test_is_measured_everywhere(self, officer: APIClient, address: str) -> None:
        problem(send(officer, address, b" " * (FIVE + 1))[0], 413, "body_too_large")

    def test_with_photos_may_be_longer(self, officer: APIClient, world: World, carnet: Carnet) -> None:
        world.stamp(carnet, 1, carnet.issued_at)
        photo = JPEG[1].ljust(999_000, b"\0")
        photos = [
            {"content_type": "image/jpeg", "data": b64encode(photo + bytes([index])).decode()}
            for index in range(6)
        ]

        body = padded(incident_body(carnet.number, photos=photos), 10_000_000)
        answer, _read = send(officer, f"{API}/incidents/", body)
        assert ok(answer, 201)["photos"] == 6
        problem(send(officer, f"{API}/incidents/", b" " * 10_000_001)[0], 413, "body_too_large")


class TestABodyInChunks:
    def test_is_read_like_any_other(self, officer: APIClient, carnet: Carnet) -> None:
        answer, _read = chunked(officer, STAMPS, padded(stamp_body(carnet.number, 1), 200_000))

        assert ok(answer, 201)["page"] == 1

    def test_is_refused_when_it_is_too_long(self, officer: APIClient) -> None:
        answer, read = chunked(officer, STAMPS, b" " * (FIVE + 500_000))
        problem(answer, 413, "body_too_large")
        assert read == FIVE + 500_000

        answer, read = chunked(officer, STAMPS, b" " * (TWENTY + 1_000_000))
        problem(answer, 413, "body_too_large")
        assert TWENTY <= read < TWENTY + 1_000_000

    def test_that_breaks_off_cannot_be_read(self, officer: APIClient) -> None:
        problem(chunked(officer, STAMPS, b"{", breaks=True)[0], 400, "malformed")

    def test_without_an_end_is_not_waited_for(self, officer: APIClient) -> None:
        """A server that does not say where chunks end would have us wait for ever."""
        headers = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
        answer, read = send(officer, STAMPS, b"{}", **headers)

        assert (answer.status_code, read) == (400, 0)


class TestAForm:
    def test_that_is_too_long_is_refused_as_a_page(self, world: World) -> None:
        browser = Client()
        browser.force_login(world.staff["CN"], backend="django.contrib.auth.backends.ModelBackend")

        answer = browser.post("/console/holders/new/", {"reason": "x" * FIVE})

        assert answer.status_code == 413
        assert "body_too_large" in answer.content.decode()
        assert browser.post("/console/holders/new/", {"reason": "x"}).status_code == 400
