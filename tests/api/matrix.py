"""Who may call what, in one table, with the people of its columns and something of everything that addresses name.

`+` means the role may (whatever else then speaks against it: a missing field, a state), `-` that it may not, `*` that
nobody is asked who they are. A row that ends early denies the callers it does not come to.
"""

from collections.abc import Callable
from typing import Any

import pytest

from carnets.models import Carnet, NumberRange
from carnets.reconciliation import job
from checkpoints.models import BorderCrossing, CustomsOffice, Posting
from checkpoints.phones import devices
from checkpoints.posts.postings import officer_of
from guarantees.claims import documents
from guarantees.claims.opening import open_claim
from tests.api.calls import ago
from tests.api.endpoints import Address, rows_of
from tests.api.samples import of_annex_10, offered_proof
from tests.guarantees.claiming import to_claim
from tests.world import LONG_AGO, World, reconcile
from tir.accounts.models import Role, User
from tir.approvals.models import Approval
from tir.audit.asking import Asking
from tir.audit.models import AuditEvent
from tir.audit.recording import Deed, record
from tir.kernel.clock import now

TABLE = """
                             officer association customs_hq secretariat auditor auditor_cn system nobody administrator
live                  GET       *
ready                 GET       *
metrics               GET       *
jwks                  GET       *
scanner               GET       *
schema                GET       *
docs                  GET       *
problems              GET       *
auth-token            POST      *
auth-second-factor    POST      *
auth-second-factor-confirm POST *
oauth-token           POST      *
service-accounts      GET       -         +          +          +          -         -        -     -     +
service-accounts      POST      -         +          +          +          -         -        -     -     +
service-account-rotate   POST   -         +          +          +          -         -        -     -     +
service-account-networks POST   -         +          +          +          -         -        -     -     +
service-account-end      POST   -         +          +          +          -         -        -     -     +
auth-password         POST      +         +          +          +          +         +        +     -     +
auth-logout           POST      +         +          +          +          +         +        +     -     +
carnets               GET       +         +          +          +          +         +        +     -     +
carnets               POST      -         +          -          -          -         -        -     -
carnet                GET       +         +          +          +          +         +        +     -     +
carnet-document       GET       +         +          +          +          +         +        +     -     +
carnet-qr-svg         GET       -         +          -          -          -         -        -     -
carnet-qr-png         GET       -         +          -          -          -         -        -     -
carnet-invalidate     POST      -         +          -          -          -         -        -     -
carnet-report-lost    POST      -         +          -          -          -         -        -     -
carnet-found          POST      -         +          -          -          -         -        -     -
carnet-return         POST      -         +          -          -          -         -        -     -
scans                 POST      +         -          -          -          -         -        +     -
stamps                GET       +         +          +          +          +         +        +     -     +
stamps                POST      +         -          -          -          -         -        +     -
stamps-batch          POST      +         -          -          -          -         -        +     -
unsent                POST      +         -          -          -          -         -        +     -
stamps-import         POST      +         -          -          -          -         -        +     -
stamp                 GET       +         +          +          +          +         +        +     -     +
refusals              GET       +         +          +          +          +         +        +     -     +
refusal               GET       +         +          +          +          +         +        +     -     +
refusals              POST      +         -          -          -          -         -        +     -
incidents             GET       +         +          +          +          +         +        +     -     +
incident              GET       +         +          +          +          +         +        +     -     +
incidents             POST      +         -          -          -          -         -        +     -
controls              GET       +         +          +          +          +         +        +     -     +
controls              POST      +         -          -          -          -         -        +     -
proofs                GET       +         +          +          +          +         +        +     -     +
proofs                POST      +         +          +          -          -         -        +     -
proof-accept          POST      +         -          +          -          -         -        +     -
post-bundle           GET       +         -          -          -          -         -        +     -
post-carnets          GET       +         -          -          -          -         -        +     -
post-handover         GET       +         -          +          -          -         -        +     -
devices               GET       +         -          +          -          -         -        +     -
devices               POST      +         -          -          -          -         -        -     -
device-events         GET       +         -          +          -          -         -        +     -
device-heartbeat      POST      +         -          -          -          -         -        +     -
device-revoke         POST      +         -          +          -          -         -        +     -     +
device-settle         POST      +         -          +          -          -         -        +     -
offices               GET       +         +          +          +          +         +        +     -     +
crossings             GET       +         +          +          +          +         +        +     -     +
holders               GET       +         +          +          +          +         +        +     -     +
holders               POST      -         +          -          -          -         -        -     -
holder                GET       +         +          +          +          +         +        +     -     +
holder-suspend        POST      -         +          +          -          -         -        -     -
holder-resume         POST      -         +          +          -          -         -        -     -
holder-withdraw       POST      -         +          +          -          -         -        -     -
holder-end            POST      -         +          +          -          -         -        -     -
holder-quota          POST      -         +          -          -          -         -        -     -
holder-exclusions     POST      -         -          +          -          -         -        -     -
exclusion-lift        POST      -         -          +          -          -         -        -     -
number-ranges         GET       -         +          -          +          +         +        -     -
number-ranges         POST      -         -          -          +          -         -        -     -     +
terminations          GET       -         +          +          +          +         +        -     -
terminations-csv      GET       -         +          +          +          +         +        -     -
safetir-day           GET       -         +          +          +          +         +        -     -
reconciliation-requests        GET  +     +          +          +          +         +        -     -
reconciliation-request         GET  +     +          +          +          +         +        -     -
reconciliation-request-answer  POST +     -          +          -          -         -        -     -
reconciliation-request-forward POST -     -          +          -          -         -        -     -
guarantee-confirm     POST      +         -          +          -          -         -        +     -
guarantee-queries     GET       +         +          +          +          +         +        +     -
guarantee-query-confirm        POST -     +          -          -          -         -        -     -
guarantee-enquiries   GET       +         +          +          +          +         +        +     -
guarantee-enquiry-confirm      POST -     +          -          -          -         -        -     -
guarantees            GET       -         +          -          +          +         +        -     -
guarantee             GET       -         +          -          +          +         +        -     -
association-liability GET       -         +          -          +          +         +        -     -
association-liability-operations GET -    +         -          +          +         +        -     -
irregularities        GET       -         +          +          +          +         +        +     -
irregularity          GET       -         +          +          +          +         +        +     -
irregularity          PATCH     -         -          +          -          -         -        -     -
reconciliation-runs   POST      -         -          +          -          -         -        -     -
reconciliation-run    GET       -         -          +          -          -         -        -     -
claims                GET       -         +          +          +          +         +        -     -
claims                POST      -         -          +          -          -         -        -     -
claim                 GET       -         +          +          +          +         +        -     -
claim-notify          POST      -         -          +          -          -         -        -     -
claim-demand          POST      -         -          +          -          -         -        -     -
claim-pay             POST      -         +          -          -          -         -        -     -
claim-contest         POST      -         +          -          -          -         -        -     -
claim-reimburse       POST      -         -          +          -          -         -        -     -
claim-withdraw        POST      -         -          +          -          -         -        -     -
claim-acknowledge     POST      -         +          -          -          -         -        -     -
claim-notify-holder   POST      -         -          +          -          -         -        -     -
claim-proceedings     POST      -         -          +          -          -         -        -     -
claim-letters         POST      -         +          -          -          -         -        -     -
claim-documents       POST      -         +          +          -          -         -        -     -
claim-document        GET       -         +          +          +          +         +        -     -
claim-dossier-pdf     GET       -         +          +          +          +         +        -     -
claim-dossier-json    GET       -         +          +          +          +         +        -     -
carnet-defence-pdf    GET       -         +          -          +          +         +        -     -
carnet-defence-json   GET       -         +          -          +          +         +        -     -
deadlines             GET       -         +          +          -          -         -        -     -
deadlines-calendar    GET       -         +          +          -          -         -        -     -
notices               GET       +         +          +          +          +         +        +     -     +
notice-read           POST      +         +          +          +          +         +        +     -     +
notices-feed          GET       +         +          +          +          +         +        +     -     +
terminations-feed     GET       -         +          +          +          +         +        -     -
stamp-proof           GET       +         +          +          +          +         +        +     -     +
refusal-proof         GET       +         +          +          +          +         +        +     -     +
incident-proof        GET       +         +          +          +          +         +        +     -     +
control-proof         GET       +         +          +          +          +         +        +     -     +
audit                 GET       -         -          +          +          -         -        -     -     +
audit-event           GET       -         -          +          +          -         -        -     -     +
log                   GET       *
log-checkpoint        GET       *
log-tile              GET       *
log-entries           GET       *
log-proof             GET       *
ended-log-checkpoint  GET       *
ended-log-tile        GET       *
ended-log-entries     GET       *
ended-log-proof       GET       *
cosigned-log-checkpoint GET     *
cosigned-log-tile     GET       *
cosigned-log-entries  GET       *
cosigned-log-proof    GET       *
log-add-checkpoint    POST      *
offices               POST  -  -  +  +  -  -  -  -  +
office                PATCH -  -  +  +  -  -  -  -  +
crossings             POST  -  -  +  +  -  -  -  -  +
crossing              PATCH -  -  +  +  -  -  -  -  +
territories           GET   +  +  +  +  +  +  +  -  +
territories           POST  -  -  +  +  -  -  -  -  +
territory             PATCH -  -  +  +  -  -  -  -  +
members               GET   +  +  +  +  +  +  +  -  +
members               POST  -  -  +  +  -  -  -  -  +
member                PATCH -  -  +  +  -  -  -  -  +
associations          GET   +  +  +  +  +  +  +  -  +
associations          POST  -  -  +  +  -  -  -  -  +
association           PATCH -  -  +  +  -  -  -  -  +
maxima                GET   +  +  +  +  +  +  +  -  +
maxima                POST  -  -  +  +  -  -  -  -  +
clocks                GET   +  +  +  +  +  +  +  -  +
clocks                POST  -  -  +  +  -  -  -  -  +
clock                 PATCH -  -  +  +  -  -  -  -  +
approval-rules        GET   -  -  +  +  -  -  -  -  +
approval-rules        POST  -  -  -  +  -  -  -  -  +
approvals             GET   -  -  +  +  -  -  -  -  +
approval-approve      POST  -  -  +  +  -  -  -  -  +
approval-refuse       POST  -  -  +  +  -  -  -  -  +
guarantees            POST  -  -  +  +  -  -  -  -  +
guarantee             PATCH -  -  +  +  -  -  -  -  +
guarantee-ceilings    POST  -  -  +  +  -  -  -  -  +
number-range          PATCH -  -  -  +  -  -  -  -  +
log-cosignatures      POST      -         +          +          +          -         -        -     -
users                 GET     -         -         -          -          -         -        -     -     +
users                 POST    -         -         -          -          -         -        -     -     +
users-access          GET     -         -         -          -          -         -        -     -     +
user                  GET     -         -         -          -          -         -        -     -     +
user                  PATCH   -         -         -          -          -         -        -     -     +
user-deactivate       POST    -         -         -          -          -         -        -     -     +
user-reactivate       POST    -         -         -          -          -         -        -     -     +
user-invitation       POST    -         -         -          -          -         -        -     -     +
user-invitation-revoke POST    -         -         -          -          -         -        -     -     +
user-password-link    POST    -         -         -          -          -         -        -     -     +
user-postings         GET     -         -         -          -          -         -        -     -     +
user-postings         POST    -         -         -          -          -         -        -     -     +
user-posting-end      POST    -         -         -          -          -         -        -     -     +
user-hand-over        POST    -         -         -          -          -         -        -     -     +
users-accept          POST    *
"""
TO_KAZAKHSTAN = (("CNURC001", "CNHRS001"), ("KZHOR001", "KZALA001"))


ROWS = rows_of(TABLE)


def allowed(address: Address, method: str, caller: str) -> str:
    """Return what the table says: `+`, `-`, `*`, or blank where there is no such method."""
    if method == "OPTIONS":
        marks = {allowed(address, one, caller) for one in address.methods}
        return next(mark for mark in "*+-" if mark in marks)
    row = ROWS.get((address.name, "GET" if method == "HEAD" else method))
    if row is None:
        return ""
    return row.get(caller, "*" if "*" in row.values() else "-")


@pytest.fixture
def arguments(world: World, issue: Callable[..., Carnet], people: dict[str, User]) -> dict[str, object]:
    """Something of everything that an address can name, in the country of every caller."""
    carnet = issue(route=TO_KAZAKHSTAN)
    outcome = world.stamp(carnet, 1, ago(days=9), seals_intact=False, seals_affixed=("A-1",))
    reconcile(now())
    run = job.request_run(by=people["customs_hq"], at=now())
    assert outcome.row is not None
    claim = claim_on(carnet, world)
    return {
        **of_annex_10(world, people["customs_hq"]),
        "number": carnet.number,
        "stamp_id": outcome.row["id"],
        "incident_id": world.report(carnet, "CNURC001", ago(days=8)).pk,
        "proof_id": offered_proof(world, carnet).pk,
        "control_id": world.control(carnet, "CNURC001", ago(days=8)).pk,
        "client_id": "none",
        "level": "0",
        "place": "000",
        "ended": "1",
        "witnesses": "1",
        "refusal_id": world.refuse(carnet, 3, ago(days=7)).pk,
        "reference": world.guarantee.reference,
        "code": world.associations["CN"].code,
        "office": "CNURC001",
        "crossing": BorderCrossing.objects.get(office_a__code="CNHRS001").code,
        "territory": "CN",
        "country": "CN",
        "day": LONG_AGO,
        "clock": "suspension",
        "first": NumberRange.objects.get(association=world.associations["CN"]).first,
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
        "irregularity_id": carnet.irregularities.get(code="seal_broken_no_pv").pk,
        "run_id": run.pk,
        "claim_id": claim.pk,
        "document_id": letter_of(claim, world).pk,
        "notice_id": 1,
        "person_id": world.officers["CNURC001"].pk,
        "posting_id": world.officers["CNURC001"].postings.get().pk,
        "event_id": an_event("CN").pk,
        "device_id": devices.enrol(
            name="Phone 3",
            lane="2",
            token_digest="0",
            by=officer_of(world.officers["CNURC001"].pk),
            at=now(),
        ).pk,
    }


def claim_on(carnet: Carnet, world: World) -> Any:
    return open_claim(
        operation=to_claim(carnet, 1),
        reason="No termination anywhere.",
        is_fraud=False,
        by=world.officers["CNURC001"],
        at=now(),
    )


def an_event(country: str) -> AuditEvent:
    """Put on record that an office of this country was looked for in vain."""
    return record(
        Deed("search", "offices", "Nowhere"),
        asking=Asking("request-1", "203.0.113.9"),
        at=now(),
        country=country,
    )


def letter_of(claim: Any, world: World) -> Any:
    return documents.attach(
        claim=claim,
        kind="notice",
        name="letter.pdf",
        content_type="application/pdf",
        content=b"%PDF-1.7 %%EOF",
        by=world.officers["CNURC001"],
        at=now(),
    )


@pytest.fixture
def people(world: World) -> dict[str, User]:
    """One user a column, all of China, so that only the role decides."""

    def user(name: str, *roles: Role, **fields: Any) -> User:
        return User.objects.create_user(name, roles=list(roles), **fields)

    system = user("system", Role.SYSTEM, country="CN")
    office = CustomsOffice.objects.get(code="CNHRS001")
    Posting.objects.create(user=system, office=office, valid_from=LONG_AGO)
    return {
        "officer": world.officers["CNURC001"],
        "association": world.staff["CN"],
        "customs_hq": user("customs_hq", Role.CUSTOMS_HQ, country="CN"),
        "secretariat": user("secretariat", Role.SECRETARIAT),
        "auditor": user("auditor", Role.AUDITOR),
        "auditor_cn": user("auditor_cn", Role.AUDITOR, country="CN"),
        "administrator": user("administrator", Role.ADMINISTRATOR, country="CN"),
        "system": system,
        "nobody": user("nobody"),
        "inactive": user("inactive", *Role, is_active=False),
    }


@pytest.fixture
def without_a_scanner(settings: Any, tmp_path: Any) -> None:
    """Where the scanner is built, its files answer in place of the view that the table is about."""
    settings.TIR_SCANNER = str(tmp_path / "none")
