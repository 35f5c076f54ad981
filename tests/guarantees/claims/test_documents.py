"""The papers of a claim: taken once, hashed, and only as what they are."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest

from guarantees.claims import documents
from guarantees.models import Claim
from tests.guarantees.claiming import headquarters, instant, open_claim
from tests.pictures import JPEG, PNG
from tests.world import World

NOTIFIED = date(2026, 5, 15)
PDF = b"%PDF-1.7 a scan of the letter %%EOF"


def bytes_of(size: int) -> bytes:
    """Return a PDF of so many bytes."""
    return PDF.replace(b" a scan", bytes(size - len(PDF)) + b" a scan")


@pytest.fixture
def claim(world: World) -> Claim:
    return open_claim(world)


class TestDocuments:
    def attach(self, claim: Claim, **changes: Any) -> Any:
        said = {"kind": "notice", "name": "Letter.pdf", "content_type": "application/pdf", "content": PDF}
        return documents.attach(claim=claim, by=headquarters(), at=instant(NOTIFIED), **{**said, **changes})

    def test_are_kept_with_their_hash(self, claim: Claim) -> None:
        document = self.attach(claim)

        assert document.size == len(PDF)
        assert document.sha256 == sha256(PDF).digest()

    def test_are_taken_once(self, claim: Claim) -> None:
        self.attach(claim)

        with pytest.raises(documents.DocumentExists):
            self.attach(claim, name="Again.pdf")
        assert self.attach(claim, content=PDF + b", second page").pk

    @pytest.mark.parametrize(
        "changes",
        [
            {"content": b""},
            {"content": b"GIF89a"},
            {"content_type": "image/png"},
            {"content": bytes_of(documents.LARGEST_DOCUMENT + 1)},
        ],
    )
    def test_are_refused_where_they_are_not_what_they_say(
        self, claim: Claim, changes: dict[str, Any]
    ) -> None:
        with pytest.raises(documents.DocumentRefused):
            self.attach(claim, **changes)

    @pytest.mark.parametrize(
        "changes",
        [
            {"content": bytes_of(documents.LARGEST_DOCUMENT)},
            {"content_type": "image/png", "content": PNG[1]},
            {"content_type": "image/jpeg", "content": JPEG[1]},
        ],
    )
    def test_are_taken_up_to_the_largest_size_in_three_formats(
        self, claim: Claim, changes: dict[str, Any]
    ) -> None:
        assert self.attach(claim, **changes).size == len(changes["content"])
