"""Whether a picture is what it says."""

from io import BytesIO
from struct import pack
from zlib import crc32

import pytest
from PIL import ExifTags, Image

from tests.pictures import JPEG, PNG, picture, taken_in_almaty
from tir.kernel.pictures import PictureFault, as_kept, picture_fault


class TestAPicture:
    @pytest.mark.parametrize(("content_type", "content"), [JPEG, PNG, (JPEG[0], JPEG[1] + bytes(900_000))])
    def test_is_taken_as_what_it_is(self, content_type: str, content: bytes) -> None:
        assert picture_fault(content_type, content) is None

    @pytest.mark.parametrize(
        ("content_type", "content"),
        [
            ("image/jpeg", PNG[1]),
            ("image/png", JPEG[1]),
            ("image/gif", picture("GIF")),
            ("image/jpeg", b""),
            ("image/jpeg", b"\xff\xd8\xff<html><script>alert(1)</script></html>"),
            ("image/png", b"\x89PNG\r\n\x1a\n a plate"),
            ("image/jpeg", picture(size=(900, 900))[:2_000]),
            ("image/png", PNG[1][:60]),
        ],
    )
    def test_that_is_none_or_another_is_not(self, content_type: str, content: bytes) -> None:
        assert picture_fault(content_type, content) is PictureFault.UNREADABLE

    @pytest.mark.parametrize(
        ("content_type", "kind", "height"), [("image/jpeg", "JPEG", 10_000), ("image/png", "PNG", 2_400)]
    )
    def test_may_have_so_many_pixels(self, content_type: str, kind: str, height: int) -> None:
        """A single colour: a few kilobytes that unpack to many megabytes."""
        assert picture_fault(content_type, picture(kind, size=(5_000, height))) is None

        fault = picture_fault(content_type, picture(kind, size=(5_000, height + 1)))
        assert fault is PictureFault.TOO_MANY_PIXELS

    def test_that_claims_the_size_of_a_town_is_not_even_unpacked(self) -> None:
        head = PNG[1][:16] + pack(">II", 50_000, 50_000) + PNG[1][24:29]
        claims = head + pack(">I", crc32(head[12:])) + PNG[1][33:]

        assert picture_fault("image/png", claims) is PictureFault.TOO_MANY_PIXELS

    @pytest.mark.parametrize(("content_type", "kind"), [("image/jpeg", "JPEG"), ("image/png", "PNG")])
    def test_that_tells_where_it_was_taken_is_told_apart(self, content_type: str, kind: str) -> None:
        of_a_maker = Image.Exif()
        of_a_maker[ExifTags.Base.Make] = "A maker of telephones"

        fault = picture_fault(content_type, picture(kind, exif=taken_in_almaty()))
        assert fault is PictureFault.TELLS_THE_PLACE
        assert picture_fault(content_type, picture(kind, exif=of_a_maker)) is None

    def test_of_a_telephone_that_nobody_else_can_open_is_told_apart(self) -> None:
        heic = b"\x00\x00\x00\x18ftypheic" + bytes(60)

        assert picture_fault("image/jpeg", heic) is PictureFault.HEIC
        assert picture_fault("image/heic", heic) is PictureFault.HEIC


class TestWhatIsKept:
    @pytest.mark.parametrize(("content_type", "content"), [JPEG, PNG])
    def test_is_the_picture_as_it_was_where_it_carries_nothing_else(
        self, content_type: str, content: bytes
    ) -> None:
        assert as_kept(content_type, content) == content

    @pytest.mark.parametrize(("content_type", "kind"), [("image/jpeg", "JPEG"), ("image/png", "PNG")])
    def test_stands_upright_and_says_nothing_of_who_took_it(self, content_type: str, kind: str) -> None:
        exif = Image.Exif()
        exif[ExifTags.Base.Make] = "A maker of telephones"
        exif[ExifTags.Base.Orientation] = 6  # lay the telephone on its side
        sent = picture(kind, size=(90, 40), exif=exif)

        kept = as_kept(content_type, sent)

        assert b"A maker" in sent
        assert b"A maker" not in kept
        with Image.open(BytesIO(kept)) as upright:
            assert upright.size == (40, 90)
            assert not upright.getexif()
        assert as_kept(content_type, kept) == kept

    @pytest.mark.parametrize(("content_type", "content"), [JPEG, PNG])
    def test_ends_where_the_picture_does(self, content_type: str, content: bytes) -> None:
        kept = as_kept(content_type, content + b"<script>alert(1)</script>")

        assert b"script" not in kept
        assert picture_fault(content_type, kept) is None
