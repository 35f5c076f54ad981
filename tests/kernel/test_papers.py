"""Whether a paper is of the kind that it says."""

import pytest

from tests.pictures import JPEG, PNG, picture, taken_in_almaty
from tir.kernel.papers import CONTENT_TYPES, PDF, file_name, is_what_it_says


class TestAPaper:
    @pytest.mark.parametrize(
        ("content_type", "content"),
        [
            (PDF, b"%PDF-1.7 %%EOF"),
            (PDF, b"%PDF-1.7 %%EOF" + b" " * 1000),
            JPEG,
            PNG,
            ("image/jpeg", picture(exif=taken_in_almaty())),
        ],
    )
    def test_is_taken_as_what_it_is(self, content_type: str, content: bytes) -> None:
        assert content_type in CONTENT_TYPES
        assert is_what_it_says(content_type, content)

    @pytest.mark.parametrize(
        ("content_type", "content"),
        [
            (PDF, b""),
            (PDF, b" %PDF-1.7 %%EOF"),
            (PDF, b"%PDF-1.4\n<script>alert(1)</script>"),
            (PDF, b"%PDF-1.7 %%EOF" + b" " * 1100),
            (PDF, b"%PDF-1.7 /OpenAction << /S /JavaScript >> %%EOF"),
            (PDF, b"%PDF-1.7 /S /Launch %%EOF"),
            (PDF, JPEG[1]),
            (JPEG[0], PNG[1]),
            (PNG[0], b"%PDF-1.7 %%EOF"),
            ("text/html", b"<p>"),
        ],
    )
    def test_that_is_another_is_not(self, content_type: str, content: bytes) -> None:
        assert not is_what_it_says(content_type, content)


class TestAName:
    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ("letter.pdf", "letter.pdf"),
            ("Письмо от 3.11.pdf", "Письмо от 3.11.pdf"),
            ("../../etc/passwd\r\nX-Evil: 1.pdf", "passwdX-Evil: 1.pdf"),
            ("C:\\papers\\letter.pdf", "letter.pdf"),
            ("a/\u202efdp.exe", "fdp.exe"),
            ("..", "document"),
            ("papers/", "document"),
        ],
    )
    def test_is_kept_without_the_way_to_it(self, said: str, kept: str) -> None:
        assert file_name(said) == kept
