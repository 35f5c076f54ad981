"""QR symbols, read back by a decoder of other authors."""

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from qrcode.util import MODE_ALPHA_NUM, QRData

from carnets.documents.qr import QUIET_ZONE, dark_runs, qr_matrix, qr_png, qr_svg
from tests.carnets.documents.samples import tokens

TOKEN = tokens(4)[0]


def decoded(image: Image.Image) -> str:
    return str(zxingcpp.read_barcodes(image)[0].text)


class TestMatrix:
    def test_the_token_is_stored_in_alphanumeric_mode(self) -> None:
        assert QRData(TOKEN).mode == MODE_ALPHA_NUM

    def test_the_usual_token_has_modules_of_half_a_millimetre_at_forty(self) -> None:
        assert 40 / len(qr_matrix(TOKEN)) >= 0.5

    @pytest.mark.parametrize("mask", range(8))
    def test_every_mask_carries_the_same_token(self, mask: int) -> None:
        matrix = qr_matrix(TOKEN, mask=mask)
        image = Image.new("L", (len(matrix) + 8,) * 2, 255)
        for column, row, length in dark_runs(matrix):
            image.paste(0, (column + 4, row + 4, column + 4 + length, row + 5))

        assert decoded(image.resize((image.width * 4,) * 2, Image.Resampling.NEAREST)) == TOKEN

    def test_a_long_text_takes_less_correction_rather_than_finer_modules(self) -> None:
        text = "A" * 500

        assert len(qr_matrix(text)) < 17 + 4 * 17

    def test_refuses_what_no_symbol_holds(self) -> None:
        with pytest.raises(ValueError, match="do not fit"):
            qr_matrix("A" * 5_000)

    def test_runs_cover_exactly_the_dark_modules(self) -> None:
        matrix = qr_matrix(TOKEN)
        covered = {
            (x, row) for column, row, length in dark_runs(matrix) for x in range(column, column + length)
        }

        assert covered == {
            (x, y) for y, line in enumerate(matrix) for x, is_dark in enumerate(line) if is_dark
        }


class TestPng:
    def test_reads_back(self) -> None:
        assert decoded(Image.open(BytesIO(qr_png(TOKEN)))) == TOKEN

    def test_prints_at_forty_millimetres(self) -> None:
        image = Image.open(BytesIO(qr_png(TOKEN)))
        symbol_share = len(qr_matrix(TOKEN)) / (len(qr_matrix(TOKEN)) + 2 * QUIET_ZONE)

        assert image.width * symbol_share / image.info["dpi"][0] * 25.4 >= 39.9

    def test_has_a_quiet_zone(self) -> None:
        image = Image.open(BytesIO(qr_png(TOKEN))).convert("L")
        edge = QUIET_ZONE * image.width // (len(qr_matrix(TOKEN)) + 2 * QUIET_ZONE)

        assert image.crop((0, 0, image.width, edge)).getextrema() == (255, 255)
        assert image.crop((0, 0, edge, image.height)).getextrema() == (255, 255)

    def test_is_the_same_every_time(self) -> None:
        assert qr_png(TOKEN) == qr_png(TOKEN)


class TestSvg:
    def test_reads_back(self) -> None:
        svg = qr_svg(TOKEN)
        side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
        image = Image.new("L", (side * 4, side * 4), 255)
        for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h", svg):
            left, top = int(x) * 4, int(y) * 4
            ImageDraw.Draw(image).rectangle((left, top, left + int(length) * 4 - 1, top + 3), fill=0)

        assert decoded(image) == TOKEN

    def test_says_its_printed_size(self) -> None:
        width = float(re.search(r'width="([\d.]+)mm"', qr_svg(TOKEN))[1])  # type: ignore[index]

        assert 40 < width < 48
