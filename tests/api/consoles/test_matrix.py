"""Least sight (invariant 7) on the pages: every role on every method of every page, as one table says.

`+` means the role may, `-` that it is shown a page that says no, `*` that nobody is asked who they are. A page without
rows here fails. Whoever is not signed in is sent to the sign-in page.
"""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from checkpoints.models import CustomsOffice
from checkpoints.phones import devices
from checkpoints.posts.postings import officer_of
from guarantees.claims.opening import open_claim
from guarantees.models import Claim
from tests.api.calls import ago
from tests.api.conftest import Issue
from tests.api.consoles.conftest import DOT, Reader
from tests.api.endpoints import METHODS, Address, pages, rows_of
from tests.api.matrix import an_event
from tests.api.samples import of_annex_10
from tests.guarantees.claiming import to_claim
from tests.world import START, World, reconcile
from tir.accounts.models import User
from tir.approvals.models import Approval
from tir.kernel.clock import now

TABLE = """
                              officer association customs_hq secretariat auditor system nobody administrator
console                  GET  +       +           +          +           +       +      -     +
console-sign-in          GET  *
console-sign-in          POST *
console-sign-in-code     GET  *
console-sign-in-code     POST *
console-sign-in-passkey  GET  *
console-sign-in-passkey  POST *
console-sign-in-set-up   GET  *
console-sign-in-set-up   POST *
console-forgotten        GET  *
console-forgotten        POST *
console-new-password     GET  *
console-new-password     POST *
console-account                  GET  +       +           +          +           +       +      -     +
console-account-password         GET  +       +           +          +           +       +      -     +
console-account-password         POST +       +           +          +           +       +      -     +
console-account-language         GET  +       +           +          +           +       +      -     +
console-account-language         POST +       +           +          +           +       +      -     +
console-account-end-others       POST +       +           +          +           +       +      -     +
console-account-session-end      POST +       +           +          +           +       +      -     +
console-account-token-end        POST +       +           +          +           +       +      -     +
console-account-device-end       POST +       +           +          +           +       +      -     +
console-account-app              GET  +       +           +          +           +       +      -     +
console-account-app              POST +       +           +          +           +       +      -     +
console-account-app-remove       GET  +       +           +          +           +       +      -     +
console-account-app-remove       POST +       +           +          +           +       +      -     +
console-account-codes            GET  +       +           +          +           +       +      -     +
console-account-codes            POST +       +           +          +           +       +      -     +
console-account-passkey-add      GET  +       +           +          +           +       +      -     +
console-account-passkey-add      POST +       +           +          +           +       +      -     +
console-account-passkey-options  GET  +       +           +          +           +       +      -     +
console-account-passkey-remove   GET  +       +           +          +           +       +      -     +
console-account-passkey-remove   POST +       +           +          +           +       +      -     +
console-sign-out         POST +       +           +          +           +       +      -     +
console-language         POST *
console-check            GET  *
console-check            POST *
console-post             GET  +       -           +          -           -       -      -
console-desk             GET  +       -           -          -           -       -      -
console-device-revoke    GET  +       -           +          -           -       -      -
console-device-revoke    POST +       -           +          -           -       -      -
console-device-settle    GET  +       -           +          -           -       -      -
console-device-settle    POST +       -           +          -           -       -      -
console-carnets          GET  +       +           +          +           +       +      -
console-liability        GET  -       +           -          +           +       -      -
console-liability-rows   GET  -       +           -          +           +       -      -
console-liability-parts  GET  -       +           -          +           +       -      -
console-liability-claims GET  -       +           -          +           +       -      -
console-liability-soon   GET  -       +           -          -           -       -      -
console-claims           GET  -       +           +          +           +       -      -
console-claim            GET  -       +           +          +           +       -      -
console-claim-open       GET  -       -           +          -           -       -      -
console-claim-open       POST -       -           +          -           -       -      -
console-claim-notify             GET  -       -           +          -           -       -      -
console-claim-notify             POST -       -           +          -           -       -      -
console-claim-notify-holder      GET  -       -           +          -           -       -      -
console-claim-notify-holder      POST -       -           +          -           -       -      -
console-claim-proceedings        GET  -       -           +          -           -       -      -
console-claim-proceedings        POST -       -           +          -           -       -      -
console-claim-demand             GET  -       -           +          -           -       -      -
console-claim-demand             POST -       -           +          -           -       -      -
console-claim-reimburse          GET  -       -           +          -           -       -      -
console-claim-reimburse          POST -       -           +          -           -       -      -
console-claim-withdraw           GET  -       -           +          -           -       -      -
console-claim-withdraw           POST -       -           +          -           -       -      -
console-claim-letter-notification GET  -       +           -          -           -       -      -
console-claim-letter-notification POST -       +           -          -           -       -      -
console-claim-letter-demand      GET  -       +           -          -           -       -      -
console-claim-letter-demand      POST -       +           -          -           -       -      -
console-claim-contest            GET  -       +           -          -           -       -      -
console-claim-contest            POST -       +           -          -           -       -      -
console-claim-pay                GET  -       +           -          -           -       -      -
console-claim-pay                POST -       +           -          -           -       -      -
console-claim-document           GET  -       +           +          -           -       -      -
console-claim-document           POST -       +           +          -           -       -      -
console-deadlines        GET  -       +           +          -           -       -      -
console-notices          GET  +       +           +          +           +       +      -     +
console-notices-read     POST +       +           +          +           +       +      -     +
console-notice-read      POST +       +           +          +           +       +      -     +
console-holders          GET  -       +           +          +           +       -      -
console-holder           GET  -       +           +          +           +       -      -
console-holder-new       GET  -       +           -          -           -       -      -
console-holder-new       POST -       +           -          -           -       -      -
console-holder-suspend   GET  -       +           +          -           -       -      -
console-holder-suspend   POST -       +           +          -           -       -      -
console-holder-resume    GET  -       +           +          -           -       -      -
console-holder-resume    POST -       +           +          -           -       -      -
console-holder-withdraw  GET  -       +           +          -           -       -      -
console-holder-withdraw  POST -       +           +          -           -       -      -
console-holder-end       GET  -       +           +          -           -       -      -
console-holder-end       POST -       +           +          -           -       -      -
console-holder-quota     GET  -       +           -          -           -       -      -
console-holder-quota     POST -       +           -          -           -       -      -
console-holder-exclude   GET  -       -           +          -           -       -      -
console-holder-exclude   POST -       -           +          -           -       -      -
console-exclusion-lift   GET  -       -           +          -           -       -      -
console-exclusion-lift   POST -       -           +          -           -       -      -
console-stock            GET  -       +           -          +           +       -      -
console-stock-give       GET  -       -           -          +           -       -      -
console-stock-give       POST -       -           -          +           -       -      -
console-returns          GET  -       +           -          +           +       -      -
console-return-find      GET  -       +           -          -           -       -      -
console-return-find      POST -       +           -          -           -       -      -
console-return-record    GET  -       +           -          -           -       -      -
console-return-record    POST -       +           -          -           -       -      -
console-requests         GET  +       +           +          +           +       -      -
console-request          GET  +       +           +          +           +       -      -
console-request          POST +       -           +          -           -       -      -
console-request-correct  GET  +       -           -          -           -       -      -
console-request-correct  POST +       -           -          -           -       -      -
console-request-forward  GET  -       -           +          -           -       -      -
console-request-forward  POST -       -           +          -           -       -      -
console-terminations     GET  -       +           +          +           +       -      -
console-safetir          GET  -       +           +          +           +       -      -
console-safetir-day      GET  -       +           +          +           +       -      -
console-confirm          GET  +       -           +          -           -       +      -
console-confirm          POST +       -           +          -           -       +      -
console-enquiries        GET  +       +           +          +           +       +      -
console-enquiry          GET  +       +           +          +           +       +      -
console-enquiry-confirm  GET  -       +           -          -           -       -      -
console-enquiry-confirm  POST -       +           -          -           -       -      -
console-carnet           GET  +       +           +          +           +       +      -     +
console-carnet-stamp     GET  +       +           +          +           +       +      -     +
console-carnet-report    GET  +       +           +          +           +       +      -     +
console-carnet-photo     GET  +       +           +          +           +       +      -     +
console-carnet-invalidate  GET  -     +           -          -           -       -      -
console-carnet-invalidate  POST -     +           -          -           -       -      -
console-carnet-report-lost GET  -     +           -          -           -       -      -
console-carnet-report-lost POST -     +           -          -           -       -      -
console-carnet-found GET  -     +           -          -           -       -      -
console-carnet-found POST -     +           -          -           -       -      -
console-irregularities   GET  -       +           +          +           +       -      -
console-irregularity-resolve GET  -   -           +          -           -       -      -
console-irregularity-resolve POST -   -           +          -           -       -      -
console-search           GET  +       +           +          +           +       +      -     +
console-lost-phones               GET  +       -           +          -           -       -      -      +
console-lost-phone                GET  +       -           +          -           -       -      -      +
console-lost-phone                POST +       -           +          -           -       -      -      +
console-people                    GET  -       -           -          -           -       -      -      +
console-access                    GET  -       -           -          -           -       -      -      +
console-person                    GET  -       -           -          -           -       -      -      +
console-person-invite             GET  -       -           -          -           -       -      -      +
console-person-invite             POST -       -           -          -           -       -      -      +
console-person-change             GET  -       -           -          -           -       -      -      +
console-person-change             POST -       -           -          -           -       -      -      +
console-person-deactivate         GET  -       -           -          -           -       -      -      +
console-person-deactivate         POST -       -           -          -           -       -      -      +
console-person-reactivate         GET  -       -           -          -           -       -      -      +
console-person-reactivate         POST -       -           -          -           -       -      -      +
console-person-invite-again       GET  -       -           -          -           -       -      -      +
console-person-invite-again       POST -       -           -          -           -       -      -      +
console-person-invitation-revoke  GET  -       -           -          -           -       -      -      +
console-person-invitation-revoke  POST -       -           -          -           -       -      -      +
console-person-password-link      GET  -       -           -          -           -       -      -      +
console-person-password-link      POST -       -           -          -           -       -      -      +
console-person-post               GET  -       -           -          -           -       -      -      +
console-person-post               POST -       -           -          -           -       -      -      +
console-person-posting-end        GET  -       -           -          -           -       -      -      +
console-person-posting-end        POST -       -           -          -           -       -      -      +
console-person-hand-over          GET  -       -           -          -           -       -      -      +
console-person-hand-over          POST -       -           -          -           -       -      -      +
console-service-accounts          GET  -       +           +          +           -       -      -      +
console-service-account           GET  -       +           +          +           -       -      -      +
console-service-account-open      GET  -       +           +          +           -       -      -      +
console-service-account-open      POST -       +           +          +           -       -      -      +
console-service-account-rotate    GET  -       +           +          +           -       -      -      +
console-service-account-rotate    POST -       +           +          +           -       -      -      +
console-service-account-networks  GET  -       +           +          +           -       -      -      +
console-service-account-networks  POST -       +           +          +           -       -      -      +
console-service-account-end       GET  -       +           +          +           -       -      -      +
console-service-account-end       POST -       +           +          +           -       -      -      +
console-invitation       GET  *
console-invitation       POST *
console-root             GET  *
console-setup            GET  -  -  +  +  -  -  -  +
console-approvals        GET  -  -  +  +  -  -  -  +
console-approval-approve GET  -  -  +  +  -  -  -  +
console-approval-approve POST -  -  +  +  -  -  -  +
console-approval-refuse  GET  -  -  +  +  -  -  -  +
console-approval-refuse  POST -  -  +  +  -  -  -  +
console-register         GET  -  -  +  +  -  -  -  +
console-register-new     GET  -  -  +  +  -  -  -  +
console-register-new     POST -  -  +  +  -  -  -  +
console-pack             GET  -  -  +  +  -  -  -  +
console-pack             POST -  -  +  +  -  -  -  +
console-pack-apply       POST -  -  +  +  -  -  -  +
console-pack-download    GET  -  -  +  +  -  -  -  +
console-register-import  GET  -  -  +  +  -  -  -  +
console-register-import  POST -  -  +  +  -  -  -  +
console-register-change  GET  -  -  +  +  -  -  -  +
console-register-change  POST -  -  +  +  -  -  -  +
console-audit            GET  -       -           +          +           -       -      -     +
console-audit-event      GET  -       -           +          +           -       -      -     +
"""


ROWS = rows_of(TABLE)
CALLERS = tuple(next(iter(ROWS.values())))


@pytest.fixture
def arguments(world: World, issue: Issue, people: dict[str, User]) -> dict[str, object]:
    """Something of everything that a page's address can name, in the country of every reader."""
    others = of_annex_10(world, people["customs_hq"])
    carnet = issue()
    stamp = world.stamp(carnet, 1, ago(days=9), seals_intact=False, seals_affixed=("A-1",)).row
    report = world.report(carnet, "CNURC001", ago(days=8), photos=[("image/png", DOT)])
    reconcile(now())
    assert stamp is not None
    return {
        **others,
        "number": carnet.number,
        "stamp_id": stamp["id"],
        "report_id": report.pk,
        "photo_id": report.photos.get().pk,
        "irregularity_id": carnet.irregularities.order_by("pk")[0].pk,
        "claim_id": a_claim(world, people["customs_hq"]).pk,
        "notice_id": 1,
        "person_id": world.officers["CNURC001"].pk,
        "posting_id": world.officers["CNURC001"].postings.get().pk,
        "register": "offices",
        "row_id": CustomsOffice.objects.get(code="CNURC001").pk,
        "approval_id": Approval.objects.create(
            kind="guarantee",
            subject="G",
            content={},
            stands_on="",
            country="CN",
            needed=1,
            proposed_by=people["secretariat"],
            proposed_at=now(),
            reason="New",
        ).pk,
        "event_id": an_event("CN").pk,
        "session_id": "0" * 40,
        "token_key": "none",
        "passkey_id": 1,
        "secret": "a" * 43,
        "client_id": "none",
        "device_id": devices.enrol(
            name="Phone 3",
            lane="2",
            token_digest="0",
            by=officer_of(world.officers["CNURC001"].pk),
            at=now(),
        ).pk,
    }


def a_claim(world: World, customs: User) -> Claim:
    """Return a claim by the customs of China on an operation there."""
    carnet = world.issue()
    world.travel(carnet, upto=1)
    return open_claim(
        operation=to_claim(carnet, 1),
        reason="No termination anywhere.",
        is_fraud=False,
        by=customs,
        at=START + timedelta(days=40),
    )


class TestTheTable:
    def test_has_a_row_for_every_method_of_every_page_and_no_other(self) -> None:
        served = {(page.name, method) for page in pages() for method in methods(page)}

        assert set(ROWS) == served


def methods(page: Address) -> list[str]:
    """Return the methods a page takes: those it has, as far as it says for whom."""
    return [method for method in page.methods if method in page.view.allow]


def test_a_reader_may_do_exactly_what_the_table_says(
    reader: Reader, people: dict[str, User], arguments: dict[str, object]
) -> None:
    """All in one test: whatever a request did is undone, so one world is enough for every reader of every page."""
    surprises = []
    for caller in CALLERS:
        client = reader(people[caller])
        surprises += [f"{caller}: {surprise}" for surprise in surprises_of(caller, client, arguments)]

    assert surprises == []


def surprises_of(caller: str, client: Client, arguments: dict[str, object]) -> Iterator[str]:
    """Yield what the pages answer otherwise than the table says."""
    signed_in = deepcopy(client.cookies)  # signing out would take them away
    for page, method in product(pages(), METHODS):
        client.cookies = deepcopy(signed_in)
        answer = answer_of(client, method, page.at(arguments))
        mark = ROWS.get((page.name, method), {}).get(caller, "")
        wanted = {"-": {403}, "": {405}}.get(mark)
        is_let_in = answer.status_code not in (403, 405) and answer.status_code < 500
        if answer.status_code not in wanted if wanted else not is_let_in or is_sent_away(page, answer):
            yield f"{method} {page.name}: {answer.status_code}, expected {wanted or 'to be let in'}"


def is_sent_away(page: Address, answer: Any) -> bool:
    """Whether the answer asks somebody who is signed in to sign in."""
    return not page.name.startswith("console-sign-") and "/sign-in/" in answer.get("Location", "")


def test_a_guest_is_sent_to_sign_in_and_back(db: None, client: Client, arguments: dict[str, object]) -> None:
    for page in pages():
        if "*" in ROWS.get((page.name, "GET"), {}).values() or "GET" not in methods(page):
            continue
        answer = client.get(page.at(arguments))

        assert answer.status_code == 302, page.name
        assert answer["Location"].startswith("/console/sign-in/?next=%2Fconsole%2F"), page.name


@transaction.atomic
def answer_of(client: Client, method: str, address: str) -> Any:
    """Send an empty form and undo whatever it did (signing out would spoil the rest)."""
    answer = getattr(client, method.lower())(address)
    transaction.set_rollback(True)
    return answer
