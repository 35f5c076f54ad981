"""Real pictures, small and quickly drawn."""

from io import BytesIO
from typing import Any

from PIL import ExifTags, Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (32, 24), **options: Any) -> bytes:
    """Return a picture of one colour as a file."""
    written = BytesIO()
    Image.new("RGB", size, "gray").save(written, kind, **options)
    return written.getvalue()


def taken_in_almaty() -> Image.Exif:
    """Return what a telephone notes beside a photo: where it was."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "A maker of telephones"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (43.0, 14.0, 15.0)
    return exif


JPEG = ("image/jpeg", picture())
PNG = ("image/png", picture("PNG"))
