"""The phone as a witness: a log that no longer grew out of what it saw before is told in words, for good."""

from base64 import b64encode
from hashlib import sha256

import pytest
from playwright.sync_api import Route, expect

from carnets.models import Carnet
from tests.browser.scanner.conftest import PhoneAt
from tests.browser.scanner.phone import OFFICER
from tir.log.tree import consistency_proof, leaf_hash, node_hash

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = "tir.example/log"
TOLD = "another log than this phone saw"
LEAVES = [leaf_hash(bytes([number])) for number in range(4)]
ROOTS = {
    2: node_hash(LEAVES[0], LEAVES[1]),
    4: node_hash(node_hash(LEAVES[0], LEAVES[1]), node_hash(LEAVES[2], LEAVES[3])),
}


def said(size: int, root: bytes) -> dict[str, object]:
    text = f"{ORIGIN}\n{size}\n{b64encode(root).decode()}\n\n"
    return {"origin": ORIGIN, "size": size, "checkpoint": f"{text}— {ORIGIN} AAAAAAAA\n"}


def proof(old: int, size: int) -> str:
    subtrees = {(1, 0): ROOTS[2], (1, 1): node_hash(LEAVES[2], LEAVES[3]), (2, 0): ROOTS[4]}
    hashes = consistency_proof(
        old, size, lambda level, index: subtrees[level, index] if level else LEAVES[index]
    )
    return "".join(f"{b64encode(hash_).decode()}\n" for hash_ in hashes)


def test_a_log_that_did_not_grow_out_of_the_one_seen_is_told(carnet: Carnet, phones: PhoneAt) -> None:
    logs = [said(2, ROOTS[2]), said(4, ROOTS[4]), said(4, sha256(b"another").digest()), said(4, ROOTS[4])]
    shown: list[int] = []

    def bundle(route: Route) -> None:
        answer = route.fetch(headers={**route.request.headers, "if-none-match": ""})
        shown.append(len(shown))
        route.fulfill(response=answer, json={**answer.json(), "log": logs[min(len(shown), len(logs)) - 1]})

    phone = phones()
    phone.context.route("**/api/v1/post/bundle/**", bundle)
    phone.context.route(
        "**/api/v1/log/proof?**", lambda route: route.fulfill(body=proof(2, 4), content_type="text/plain")
    )
    phone.enrol(OFFICER)
    told = phone.page.get_by_text(TOLD)
    while len(shown) < 2:
        sync(phone)
    expect(told).to_be_hidden()

    while len(shown) < 3:
        sync(phone)
    expect(told).to_be_visible()

    while len(shown) < 4:
        sync(phone)
    expect(told).to_be_visible()
    phone.type_number(carnet.number, 3)
    assert phone.verdict() == "GO"


def sync(phone: object) -> None:
    """The app comes to the front: it syncs then."""
    page = phone.page  # type: ignore[attr-defined]
    with page.expect_response("**/api/v1/post/bundle/**"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
