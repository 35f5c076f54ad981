"""Proofs in place of a missing stamp: offered by anybody concerned, accepted by a person of that territory's customs.

An accepted proof stands where no stamp does, dated as the paper is: counterfoil No. 2, the next country's entry, a
customs document of destination, a consumption document, a substitute document.
"""

from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from checkpoints.evidence.dockets import CarnetUnknown, Docket, open_docket
from checkpoints.evidence.events import proof as as_certification
from checkpoints.models import Proof, ProofAcceptance
from checkpoints.posts.offices import Office
from checkpoints.recording.opening import write_events
from tir.accounts.models import User
from tir.kernel.errors import Conflict, Forbidden, Refused
from tir.kernel.papers import is_what_it_says
from tir.kernel.places import latest_day
from tir.kernel.values import value


class ProofIdReused(Conflict):
    """A proof with this id is on record and says something else."""

    code = "proof_id_reused"


class ProofAccepted(Conflict):
    """The proof was accepted before."""

    code = "proof_accepted"


class ProofRefused(Refused):
    """No such proof can exist: no such page, a day that has come nowhere yet, a file of another kind than it says."""

    code = "proof_refused"


class ProofOfOtherTerritory(Forbidden):
    """Only customs of the territory whose stamp is missing accept a proof of it."""

    code = "proof_of_other_territory"


@value
class ProofRequest:
    """A paper offered as proof, and what it says."""

    id: UUID
    number: str
    page: int
    kind: str
    issuer: str
    date: date
    packages: int | None = None
    seals: tuple[str, ...] | None = None
    file: bytes | None = None
    file_type: str = ""


@value
class RecordedProof:
    """A proof on record, and whether this call put it there."""

    proof: Proof
    is_new: bool


def offer_proof(*, request: ProofRequest, by: User, at: datetime) -> RecordedProof:
    """Put a paper on record as proof for a page; it proves nothing until accepted. A replay returns the first one.

    Raises CarnetUnknown, ProofRefused, ProofIdReused.
    """
    try:
        return _offer(request, by, at)
    except IntegrityError:
        return _offer(request, by, at)


@transaction.atomic
def _offer(request: ProofRequest, by: User, at: datetime) -> RecordedProof:
    docket = _opened(request.number)
    proof = _row(request, docket, by, at)
    if first := Proof.objects.filter(pk=request.id).first():
        return _replayed(proof, first)
    _ensure_possible(request, docket, at)
    proof.save(force_insert=True)
    return RecordedProof(proof, is_new=True)


def _opened(number: str) -> Docket:
    docket = open_docket(number, lock=True)
    if docket is None:
        raise CarnetUnknown(field="carnet", number=number)
    return docket


def _row(request: ProofRequest, docket: Docket, by: User, at: datetime) -> Proof:
    return Proof(
        id=request.id,
        carnet_id=docket.carnet.id,
        page=request.page,
        kind=request.kind,
        issuer=request.issuer,
        date=request.date,
        packages=request.packages,
        seals=None if request.seals is None else list(request.seals),
        file=request.file,
        file_type=request.file_type,
        sha256=sha256(request.file).digest() if request.file else None,
        by=by,
        recorded_at=at,
    )


SAID = ("carnet_id", "page", "kind", "issuer", "date", "packages", "seals")


def _replayed(said: Proof, first: Proof) -> RecordedProof:
    same = all(getattr(said, name) == getattr(first, name) for name in SAID)
    if same and said.sha256 == (bytes(first.sha256) if first.sha256 else None):
        return RecordedProof(first, is_new=False)
    raise ProofIdReused(
        _("Something else is on record under this id. Make a new id for a new proof."),
        field="id",
        id=first.pk,
    )


def _ensure_possible(request: ProofRequest, docket: Docket, at: datetime) -> None:
    if not 1 <= request.page <= docket.carnet.vouchers:
        raise ProofRefused(
            _("This carnet has vouchers 1 to {vouchers}; there is no page {page}.").format(
                vouchers=docket.carnet.vouchers, page=request.page
            ),
            code="page_range",
            field="page",
            page=request.page,
            vouchers=docket.carnet.vouchers,
        )
    if request.file is not None and not is_what_it_says(request.file_type, request.file):
        raise ProofRefused(
            _("The content is not what its type says ({content_type}).").format(
                content_type=request.file_type
            ),
            field="file.data",
            content_type=request.file_type,
        )
    if request.date > latest_day(at):
        raise ProofRefused(
            _("The paper is dated {date}, which has not come yet.").format(date=request.date),
            code="occurred_in_future",
            field="date",
            date=request.date,
        )


@transaction.atomic
def accept_proof(
    *, proof_id: UUID, office: Office, by: User, at: datetime, reason: str = ""
) -> ProofAcceptance:
    """Accept a proof for the territory of `office`: from now on it stands where no stamp does.

    Raises ProofOfOtherTerritory and ProofAccepted.
    """
    proof = Proof.objects.select_related("carnet").get(pk=proof_id)
    docket = _opened(proof.carnet.number)
    _ensure_of_territory(proof, docket, office)
    if ProofAcceptance.objects.filter(pk=proof_id).exists():
        raise ProofAccepted(_("This proof was accepted before."), proof=proof_id)

    accepted = ProofAcceptance.objects.create(proof=proof, office_id=office.id, by=by, at=at, reason=reason)
    docket.events.proofs.append(as_certification(accepted))
    write_events(docket, at=at)
    return accepted


def _ensure_of_territory(proof: Proof, docket: Docket, office: Office) -> None:
    if docket.alignment_with().belongs_to(proof.page, office.territory_id):
        return
    raise ProofOfOtherTerritory(
        _("Page {page} is another territory's. Its customs decide whether the paper proves it.").format(
            page=proof.page
        ),
        page=proof.page,
        territory=office.territory,
    )
