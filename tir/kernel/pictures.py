"""Pictures that people send: whether each is what it says, before anything keeps it or shows it.

A few first bytes prove nothing: what follows them may be a page with a script, or claim more pixels than memory holds.
"""

from enum import StrEnum
from io import BytesIO
from typing import Final

from PIL import ExifTags, Image

FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG"}
# Whoever claims more wants to fill memory: a JPEG is decoded at an eighth of its size, a PNG must be unpacked whole.
MOST_PIXELS: Final = {"image/jpeg": 50_000_000, "image/png": 12_000_000}
SHRUNK: Final = (64, 64)


class PictureFault(StrEnum):
    """Why a picture is not taken."""

    UNREADABLE = "unreadable"
    TOO_MANY_PIXELS = "too_many_pixels"
    TELLS_THE_PLACE = "tells_the_place"


def picture_fault(content_type: str, content: bytes) -> PictureFault | None:
    """Return what is wrong with a JPEG or PNG: it cannot be read as such, is too large to be shown, or tells where it
    was taken (the position that telephones write beside a photo is nobody's business here)."""
    if content_type not in FORMATS:
        return PictureFault.UNREADABLE
    try:
        with Image.open(BytesIO(content), formats=[FORMATS[content_type]]) as picture:
            if picture.width * picture.height > MOST_PIXELS[content_type]:
                return PictureFault.TOO_MANY_PIXELS
            picture.draft("L", SHRUNK)
            picture.load()
            tells_the_place = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    except Image.DecompressionBombError:
        return PictureFault.TOO_MANY_PIXELS
    except (OSError, ValueError, SyntaxError):  # what Pillow raises for what it cannot read
        return PictureFault.UNREADABLE
    return PictureFault.TELLS_THE_PLACE if tells_the_place else None
