"""Pictures that belong to evidence: what is taken, and how a replay is compared."""

from types import SimpleNamespace

import pytest

from checkpoints.recording.photos import PhotoRefused, ensure_fit, hashes, hashes_on_record, values_of
from tests.pictures import JPEG, PNG, picture, taken_in_almaty

MEGABYTE = 1_000_000


class TestEnsureFit:
    def test_takes_six_photos_of_a_megabyte(self) -> None:
        ensure_fit([(PNG[0], PNG[1].ljust(MEGABYTE, b"."))] * 6)

    @pytest.mark.parametrize(
        ("photos", "code", "field"),
        [
            ([JPEG] * 7, "too_many_photos", "photos"),
            ([JPEG, (PNG[0], PNG[1].ljust(MEGABYTE + 1, b"."))], "photo_too_large", "photos.1"),
            ([("image/png", JPEG[1])], "photo_kind_not_accepted", "photos.0"),
            ([("image/gif", b"GIF89a")], "photo_kind_not_accepted", "photos.0"),
            ([("image/jpeg", b"")], "photo_kind_not_accepted", "photos.0"),
            ([JPEG, ("image/jpeg", picture(exif=taken_in_almaty()))], "photo_tells_the_place", "photos.1"),
        ],
    )
    def test_refuses_what_does_not(self, photos: list[tuple[str, bytes]], code: str, field: str) -> None:
        with pytest.raises(PhotoRefused) as refused:
            ensure_fit(photos)
        assert (refused.value.error_code, refused.value.field) == (code, field)


class TestHashes:
    def test_are_the_same_in_any_order_and_as_kept(self) -> None:
        kept = [SimpleNamespace(sha256=memoryview(values["sha256"])) for values in values_of([JPEG, PNG])]

        assert hashes([PNG, JPEG]) == hashes([JPEG, PNG]) == hashes_on_record(kept)
        assert hashes([JPEG]) != hashes([PNG])
