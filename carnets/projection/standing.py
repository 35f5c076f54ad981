"""Which certification stands on each page, whatever order they arrived in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from uuid import UUID

from carnets.projection.evidence import Certification
from carnets.vouchers import operation_of, other_page, start_page, termination_page
from tir.kernel.values import value

Pair = tuple[Certification | None, Certification | None]
NOBODY: Pair = (None, None)


@value
class Standing:
    """The certification that stands on each page, how many rivals it has there, and the pairs with any evidence in the
    order of their pages (`used`)."""

    by_page: Mapping[int, Certification] = field(default_factory=dict)
    rivals: Mapping[int, int] = field(default_factory=dict)
    pairs: Mapping[int, Pair] = field(default_factory=dict)
    used: tuple[int, ...] = ()

    @classmethod
    def of(cls, by_page: Mapping[int, Certification], rivals: Mapping[int, int]) -> "Standing":
        """Return what stands, by page and by pair."""
        used = sorted({operation_of(page) for page in by_page})
        pairs = {k: (by_page.get(start_page(k)), by_page.get(termination_page(k))) for k in used}
        return cls(by_page, rivals, pairs, tuple(used))

    def pair(self, sequence: int) -> Pair:
        """Return what stands on voucher No. 1 and No. 2."""
        return self.pairs.get(sequence, NOBODY)

    def other_side(self, page: int) -> Certification | None:
        """Return what stands on the other page of the pair."""
        return self.by_page.get(other_page(page))


def standing_certifications(certifications: Iterable[Certification]) -> Standing:
    """Of several stamps on one page the earliest `occurred_at` (then id) stands and the others are counted as rivals.

    A stamp that was cancelled by its own office does not count at all.
    """
    known = {certification.id: certification for certification in certifications}
    cancelled = _cancelled(known)
    standing: dict[int, Certification] = {}
    rivals: dict[int, int] = {}
    for certification in sorted(known.values(), key=lambda c: (c.occurred_at, c.id)):
        if certification.cancels is not None or certification.id in cancelled:
            continue
        if certification.page in standing:
            rivals[certification.page] += 1
        else:
            standing[certification.page], rivals[certification.page] = certification, 0
    return Standing.of(standing, rivals)


def _cancelled(known: Mapping[UUID, Certification]) -> set[UUID]:
    return {
        certification.cancels
        for certification in known.values()
        if certification.cancels is not None and may_cancel(certification, known.get(certification.cancels))
    }


def may_cancel(cancelling: Certification, target: Certification | None) -> bool:
    """Whether a cancellation is in force: only the office that stamped a page takes its stamp back."""
    return (
        target is not None
        and target.cancels is None
        and target.page == cancelling.page
        and target.office.code == cancelling.office.code
    )


def in_page_order(standing: Standing) -> Sequence[Certification]:
    """Return what stands, along the journey."""
    return [standing.by_page[page] for page in sorted(standing.by_page)]
