"""Shows a comparison as a table on a plain terminal. Pure."""

from collections.abc import Iterator, Sequence

from carnets.reconciliation.catalogue import CATALOGUE
from checkpoints.simulation.comparing import MOST_WAITING_ONE_IN, Difference, Row, TruthComparison

MOST_DIFFERENCES = 25
ARTICLES = {comparison.code: comparison.article for comparison in CATALOGUE}


def lines(comparison: TruthComparison) -> Iterator[str]:
    """Yield the table by code, the discharges, the complications, and the carnets that differ."""
    yield from _table(
        ("irregularity", "planted", "found", "missed", "unexpected", "law"), _code_rows(comparison)
    )
    yield ""
    yield from _table(("discharged", "planned", "found", "of"), _discharge_rows(comparison))
    yield ""
    if comparison.complications:
        yield from _table(("no fault, told or driven otherwise", "carnets"), _complication_rows(comparison))
        yield ""
    share = comparison.waiting / comparison.honest if comparison.honest else 0
    yield (
        f"Of {comparison.honest:,} honest transports on record to their end, {comparison.waiting:,} wait for a person"
        f" ({share:.1%}; fewer than 1 in {MOST_WAITING_ONE_IN} may)."
    )
    if comparison.came_due:
        yield f"{comparison.came_due:,} carnets that were still on the way have passed a time limit since."
    yield from _verdict(comparison)


def _code_rows(comparison: TruthComparison) -> list[tuple[object, ...]]:
    total = Row()
    rows: list[tuple[object, ...]] = []
    for code, row in sorted(comparison.codes.items()):
        rows.append((code, row.planted, row.found, row.missed, row.unexpected, ARTICLES.get(code, "")))
        total.planted += row.planted
        total.found += row.found
        total.missed += row.missed
        total.unexpected += row.unexpected
    return [*rows, ("all", total.planted, total.found, total.missed, total.unexpected, "")]


def _discharge_rows(comparison: TruthComparison) -> list[tuple[object, ...]]:
    return [
        (
            "TIR operations",
            comparison.operations_to_be_discharged,
            comparison.operations_discharged,
            comparison.operations,
        ),
        (
            "whole carnets",
            comparison.carnets_to_be_discharged,
            comparison.carnets_discharged,
            comparison.carnets,
        ),
    ]


def _complication_rows(comparison: TruthComparison) -> list[tuple[object, ...]]:
    return list(sorted(comparison.complications.items()))


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Yield aligned lines: words to the left, numbers to the right with thousands set apart."""
    texts = [[f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(heads, *texts, strict=True)]
    numeric = [any(isinstance(row[index], int) for row in rows) for index in range(len(heads))]
    for cells in (heads, ["─" * width for width in widths], *texts):
        padded = (
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(cells, widths, numeric, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _verdict(comparison: TruthComparison) -> Iterator[str]:
    if comparison.is_clean:
        yield "Every planted fault was found under its own code and page, and nothing else was flagged."
        return
    yield f"{len(comparison.differences):,} carnets differ from what was planted:"
    for difference in comparison.differences[:MOST_DIFFERENCES]:
        yield f"  {_told(difference)}"
    if len(comparison.differences) > MOST_DIFFERENCES:
        yield f"  and {len(comparison.differences) - MOST_DIFFERENCES:,} more"


def _told(difference: Difference) -> str:
    parts = [f"{difference.number} ({difference.fault or 'no fault'}):"]
    if not difference.operations:
        return f"{parts[0]} not in this database"
    parts += [f"missed {code} on page {page};" for code, page in difference.missed]
    parts += [f"unexpected {code} on page {page};" for code, page in difference.unexpected]
    parts.append(f"{difference.discharged} of {difference.operations} operations discharged")
    return " ".join([*parts, f"instead of {difference.to_be_discharged}" * _is_other(difference)]).rstrip()


def _is_other(difference: Difference) -> bool:
    return difference.discharged != difference.to_be_discharged
