"""Whether a paper is of the kind that it says."""

import pytest

from tests.pictures import JPEG, PNG, picture, taken_in_almaty
from tir.kernel.papers import CONTENT_TYPES, PDF, is_what_it_says


class TestAPaper:
    @pytest.mark.parametrize(
        ("content_type", "content"),
        [(PDF, b"%PDF-1.7"), JPEG, PNG, ("image/jpeg", picture(exif=taken_in_almaty()))],
    )
    def test_is_taken_as_what_it_is(self, content_type: str, content: bytes) -> None:
        assert content_type in CONTENT_TYPES
        assert is_what_it_says(content_type, content)

    @pytest.mark.parametrize(
        ("content_type", "content"),
        [
            (PDF, b""),
            (PDF, b" %PDF-1.7"),
            (PDF, JPEG[1]),
            (JPEG[0], PNG[1]),
            (PNG[0], b"%PDF-1.7"),
            ("text/html", b"<p>"),
        ],
    )
    def test_that_is_another_is_not(self, content_type: str, content: bytes) -> None:
        assert not is_what_it_says(content_type, content)
