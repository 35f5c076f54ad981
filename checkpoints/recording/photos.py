"""Pictures that belong to evidence: what is taken, and what is kept of them."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from tir.kernel.errors import Refused
from tir.kernel.pictures import FORMATS, MOST_PIXELS, PictureFault, as_kept, picture_fault

MOST_PHOTOS = 6
LARGEST_PHOTO = 1_000_000  # bytes

Photo = tuple[str, bytes]  # content type, content


class PhotoRefused(Refused):
    """A photo is too large, of another kind than it says, one too many, or says where it was taken."""

    code = "photo_refused"


class KeptPhoto(Protocol):
    """A photo on record."""

    sha256: Any


def values_of(photos: Sequence[Photo]) -> list[dict[str, Any]]:
    """Return the columns of each photo's row: the picture alone, and the hash of what is kept."""
    kept = [(content_type, as_kept(content_type, content)) for content_type, content in photos]
    return [
        {"content_type": content_type, "content": content, "sha256": sha256(content).digest()}
        for content_type, content in kept
    ]


def hashes(photos: Sequence[Photo]) -> list[bytes]:
    """Return the hashes of photos as they are kept, to compare a replay with."""
    return sorted(sha256(as_kept(content_type, content)).digest() for content_type, content in photos)


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
    if (fault := picture_fault(content_type, content)) is not None:
        raise _refusal(fault, field, content_type)


def _refusal(fault: PictureFault, field: str, content_type: str) -> PhotoRefused:
    match fault:
        case PictureFault.UNREADABLE:
            return PhotoRefused(
                _("Photos are JPEG or PNG, and this one is not what it says."),
                code="photo_kind_not_accepted",
                field=field,
                content_type=content_type,
                accepted=sorted(FORMATS),
            )
        case PictureFault.HEIC:
            return PhotoRefused(
                _(
                    "This photo is HEIC, which few can open. Set the camera to JPEG (most compatible) and take it anew."
                ),
                code="photo_kind_not_accepted",
                field=field,
                content_type="image/heic",
                accepted=sorted(FORMATS),
            )
        case PictureFault.TOO_MANY_PIXELS:
            return PhotoRefused(
                _("A photo may have at most {most} pixels. Take it with a lower resolution.").format(
                    most=MOST_PIXELS[content_type]
                ),
                code="photo_too_large",
                field=field,
                most=MOST_PIXELS[content_type],
            )
        case PictureFault.TELLS_THE_PLACE:
            return PhotoRefused(
                _("This photo says where it was taken. Send it without its position."),
                code="photo_tells_the_place",
                field=field,
            )
