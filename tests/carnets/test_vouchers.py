"""Page arithmetic: which page belongs to which operation (Annex 1)."""

import pytest

from carnets import vouchers


@pytest.mark.parametrize(("sequence", "pages"), [(1, (1, 2)), (2, (3, 4)), (7, (13, 14)), (10, (19, 20))])
class TestAPair:
    def test_has_its_pages(self, sequence: int, pages: tuple[int, int]) -> None:
        assert vouchers.pages_of(sequence) == pages
        assert (vouchers.start_page(sequence), vouchers.termination_page(sequence)) == pages

    def test_is_known_by_each_of_them(self, sequence: int, pages: tuple[int, int]) -> None:
        assert [vouchers.operation_of(page) for page in pages] == [sequence, sequence]
        assert [vouchers.is_start(page) for page in pages] == [True, False]
        assert tuple(vouchers.other_page(page) for page in pages) == pages[::-1]


def test_a_carnet_has_at_most_ten_pairs() -> None:
    assert (vouchers.MOST_PAGES, vouchers.MOST_OPERATIONS) == (20, 10)
