"""Pictures that people send: whether each is what it says, before anything keeps it or shows it.

A few first bytes prove nothing: what follows them may be a page with a script, or claim more pixels than memory holds.
"""

from enum import StrEnum
from io import BytesIO
from typing import Final

from PIL import ExifTags, Image, ImageOps

FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG"}
# Whoever claims more wants to fill memory: a JPEG is decoded at an eighth of its size, a PNG must be unpacked whole.
MOST_PIXELS: Final = {"image/jpeg": 50_000_000, "image/png": 12_000_000}
SHRUNK: Final = (64, 64)
QUALITY: Final = 90  # of a JPEG that is written anew
HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
# What a picture may carry beside itself: how its colours are meant, and the shape of its dots.
OF_THE_PICTURE: Final = frozenset(
    {
        "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "adobe", "adobe_transform", "icc_profile",
        "progressive", "progression", "gamma", "chromaticity", "transparency", "srgb", "interlace", "background",
        "aspect",
    }
)  # fmt: skip
END_OF: Final = {"image/jpeg": b"\xff\xd9", "image/png": b"IEND\xaeB`\x82"}


class PictureFault(StrEnum):
    """Why a picture is not taken."""

    UNREADABLE = "unreadable"
    TOO_MANY_PIXELS = "too_many_pixels"
    TELLS_THE_PLACE = "tells_the_place"
    HEIC = "heic"


def picture_fault(content_type: str, content: bytes) -> PictureFault | None:
    """Return what is wrong with a JPEG or PNG: it cannot be read as such, is too large to be shown, or tells where it
    was taken (the position that telephones write beside a photo is nobody's business here)."""
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return PictureFault.HEIC
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


def as_kept(content_type: str, content: bytes) -> bytes:
    """Return a picture that `picture_fault` took as it is kept: the picture alone, the way up that it is looked at.

    One that carries nothing else stays byte for byte what it was, so that whoever sent it knows it by its hash. Any
    other (a maker, an hour, a comment, another file behind its end) is written anew.
    """
    kind = FORMATS[content_type]
    with Image.open(BytesIO(content), formats=[kind]) as picture:
        picture.load()
        carries_more = bool(picture.getexif()) or not OF_THE_PICTURE.issuperset(picture.info)
        if not carries_more and content.endswith(END_OF[content_type]):
            return content
        upright = ImageOps.exif_transpose(picture)
        profile = picture.info.get("icc_profile")
    upright.info = {}
    written = BytesIO()
    upright.save(written, kind, quality=QUALITY, exif=b"", icc_profile=profile)
    return written.getvalue()
