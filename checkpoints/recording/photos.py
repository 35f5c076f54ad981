"""Pictures that belong to evidence: what is taken, and what is kept of them."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from tir.kernel.errors import Refused

MOST_PHOTOS = 6
LARGEST_PHOTO = 1_000_000  # bytes
FIRST_BYTES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}

Photo = tuple[str, bytes]  # content type, content


class PhotoRefused(Refused):
    """A photo is too large, of another kind than it says, or one too many."""

    code = "photo_refused"


class KeptPhoto(Protocol):
    """A photo on record."""

    sha256: Any


def values_of(photos: Sequence[Photo]) -> list[dict[str, Any]]:
    """Return the columns of each photo's row."""
    return [
        {"content_type": content_type, "content": content, "sha256": sha256(content).digest()}
        for content_type, content in photos
    ]


def hashes(photos: Sequence[Photo]) -> list[bytes]:
    """Return the hashes of photos as sent, to compare a replay with."""
    return sorted(sha256(content).digest() for _type, content in photos)


def hashes_on_record(photos: Iterable[KeptPhoto]) -> list[bytes]:
    """Return the hashes of photos on record."""
    return sorted(bytes(photo.sha256) for photo in photos)


def ensure_fit(photos: Sequence[Photo]) -> None:
    """Raise PhotoRefused for too many, too large, or not what they say."""
    if len(photos) > MOST_PHOTOS:
        raise PhotoRefused(
            _("A report takes at most {most} photos.").format(most=MOST_PHOTOS),
            code="too_many_photos",
            field="photos",
            most=MOST_PHOTOS,
        )
    for index, (content_type, content) in enumerate(photos):
        _ensure_one_fits(f"photos.{index}", content_type, content)


def _ensure_one_fits(field: str, content_type: str, content: bytes) -> None:
    if len(content) > LARGEST_PHOTO:
        raise PhotoRefused(
            _("A photo may have at most 1 MB. Take it with a lower resolution."),
            code="photo_too_large",
            field=field,
            bytes=len(content),
            most=LARGEST_PHOTO,
        )
    if not content.startswith(FIRST_BYTES.get(content_type, b"\0none")):
        raise PhotoRefused(
            _("Photos are JPEG or PNG, and this one is not what it says."),
            code="photo_kind_not_accepted",
            field=field,
            content_type=content_type,
            accepted=sorted(FIRST_BYTES),
        )
