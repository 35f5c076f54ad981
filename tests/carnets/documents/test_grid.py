"""The grid: rows and columns meet, nothing overlaps, nothing is left over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnets.documents.grid import BODY, FOOTER, PAGE, REST, Area

sizes = st.lists(st.floats(0.5, 20), min_size=1, max_size=8)


class TestArea:
    @given(sizes)
    def test_rows_lie_one_below_the_other(self, heights: list[float]) -> None:
        area = Area(10, 20, 100, sum(heights) + 5)

        rows = area.rows(*heights, REST)

        assert [row.top for row in rows[1:]] == pytest.approx([row.bottom for row in rows[:-1]])
        assert rows[-1].bottom == pytest.approx(area.bottom)

    @given(sizes)
    def test_columns_lie_side_by_side(self, widths: list[float]) -> None:
        area = Area(10, 20, sum(widths) + 5, 100)

        columns = area.columns(*widths, REST)

        assert [column.left for column in columns[1:]] == pytest.approx(
            [column.right for column in columns[:-1]]
        )
        assert columns[-1].right == pytest.approx(area.right)

    def test_shares_the_rest_equally(self) -> None:
        left, _, right = Area(0, 0, 100, 10).columns(REST, 40, REST)

        assert (left.width, right.width) == (30, 30)

    def test_refuses_rows_that_do_not_fit(self) -> None:
        with pytest.raises(ValueError, match="do not fit"):
            Area(0, 0, 10, 10).rows(6, 6)


def test_the_page_is_a4_with_room_for_a_printer_s_edge() -> None:
    assert (PAGE.width, PAGE.height) == (210, 297)
    assert min(BODY.left, BODY.top, PAGE.bottom - FOOTER.bottom) >= 8
