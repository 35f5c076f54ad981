"""Page arithmetic of a carnet, once: TIR operation k has voucher No. 1 on page 2k−1 and No. 2 on page 2k (Annex 1)."""

VOUCHER_COUNTS = (4, 6, 14, 20)
MOST_PAGES = max(VOUCHER_COUNTS)
MOST_OPERATIONS = MOST_PAGES // 2


def operation_of(page: int) -> int:
    """Return the sequence of the operation that a page belongs to."""
    return (page + 1) // 2


def start_page(sequence: int) -> int:
    """Return the page of voucher No. 1."""
    return 2 * sequence - 1


def termination_page(sequence: int) -> int:
    """Return the page of voucher No. 2."""
    return 2 * sequence


def pages_of(sequence: int) -> tuple[int, int]:
    """Return voucher No. 1 and No. 2 of an operation."""
    return start_page(sequence), termination_page(sequence)


def is_start(page: int) -> bool:
    """Whether the page is a voucher No. 1."""
    return page % 2 == 1


def other_page(page: int) -> int:
    """Return the other page of the pair."""
    return page + 1 if is_start(page) else page - 1
