"""What proves that an operation was terminated: everything on record that shows it, the strongest first."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from carnets.models import TirOperation
from checkpoints.dossiers.record import Facts, canonical, returned
from checkpoints.models import Proof, Stamp


def proofs_of_termination(operation: TirOperation) -> list[Facts]:
    """Return everything on record that shows the operation ended, the strongest first, each with its article."""
    standing = _standing(Stamp.objects.filter(carnet=operation.carnet).select_related("office"))
    return [
        *_terminations(operation, standing),
        *_accepted_proofs(operation),
        *_seen_later(operation, standing),
        *_counterfoils(operation),
    ]


def _standing(rows: Iterable[Stamp]) -> Sequence[Stamp]:
    """Return the stamps that were not cancelled, in the order of what happened."""
    every = {row.pk: row for row in rows}
    cancelled = {
        row.cancels for row in every.values() if row.cancels in every and _is_own(row, every[row.cancels])
    }
    left = (row for row in every.values() if row.pk not in cancelled and not row.cancels)
    return sorted(left, key=lambda row: (row.page, row.occurred_at))


def _is_own(cancelling: Stamp, target: Stamp) -> bool:
    """Only the office that stamped a page takes its stamp back."""
    return cancelling.page == target.page and cancelling.office_id == target.office_id


def _terminations(operation: TirOperation, standing: Sequence[Stamp]) -> list[Facts]:
    """Voucher No. 2 of the operation itself: termination was certified (art. 28)."""
    rows = (row for row in standing if row.page == operation.pages[1])
    return [_piece("termination_certified", "art. 28", row) for row in rows]


def _accepted_proofs(operation: TirOperation) -> list[Facts]:
    """Papers that customs of the territory accepted in place of the stamp that is missing."""
    rows = Proof.objects.filter(
        carnet=operation.carnet, page=operation.pages[1], acceptance__isnull=False
    ).select_related("acceptance__office")
    return [
        {
            "code": "proof_accepted",
            "article": "art. 28",
            "page": row.page,
            "office": row.acceptance.office.code,
            "at": row.date,
            "seals_intact": None,
            "packages": row.packages,
            "reservation": row.issuer,
            "hash": row.sha256,
        }
        for row in rows.defer("file").order_by("date", "pk")
    ]


def _seen_later(operation: TirOperation, standing: Sequence[Stamp]) -> list[Facts]:
    """Customs further on took the same load over: the nearest, and the last, which is the destination's if it got
    there."""
    later = [row for row in standing if row.page > operation.pages[1]]
    if not later:
        return []
    pieces = [_piece("taken_over_further_on", "art. 10", later[0])]
    if later[-1].page != later[0].page:
        pieces.append(_piece("certified_last", "art. 10", later[-1]))
    return pieces


def _piece(code: str, article: str, row: Stamp) -> Facts:
    return {
        "code": code,
        "article": article,
        "page": row.page,
        "office": row.office.code,
        "at": row.occurred_at,
        "seals_intact": row.seals_intact,
        "packages": row.packages,
        "reservation": row.reservation,
        "hash": row.hash,
    }


def _counterfoils(operation: TirOperation) -> list[Facts]:
    """The stamped counterfoils stayed in the carnet that the holder brought back (Annex 10 par. 2)."""
    back = returned(operation)
    if back is None:
        return []
    return [
        {
            "code": "counterfoil_returned",
            "article": "Annex 10, par. 2",
            "page": row.get("page"),
            "office": row.get("office"),
            "at": row.get("on"),
            "seals_intact": None,
            "packages": row.get("packages"),
            "reservation": "",
            "hash": sha256(canonical(row)).digest(),
        }
        for row in back["counterfoils"]
    ]
