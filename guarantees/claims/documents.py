"""The papers of a claim: kept as they were handed in, each with the hash that the dossier cites."""

from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from guarantees.models import Claim, ClaimDocument
from tir.accounts.models import User
from tir.kernel.errors import Conflict, Refused
from tir.kernel.papers import file_name, is_what_it_says

LARGEST_DOCUMENT = 5_000_000  # bytes


class DocumentRefused(Refused):
    """A document is empty, too large, or of another kind than it says."""

    code = "document_refused"


class DocumentExists(Conflict):
    """The claim has this very document already."""

    code = "document_exists"


@transaction.atomic
def attach(
    *, claim: Claim, kind: str, name: str, content_type: str, content: bytes, by: User, at: datetime
) -> ClaimDocument:
    """Add a paper to a claim. Raises DocumentRefused, DocumentExists."""
    _ensure_readable(content_type, content)
    digest = sha256(content).digest()
    try:
        with transaction.atomic():
            return ClaimDocument.objects.create(
                claim=claim,
                kind=kind,
                name=file_name(name),
                content_type=content_type,
                content=content,
                size=len(content),
                sha256=digest,
                recorded_at=at,
                by=by,
            )
    except IntegrityError:
        raise DocumentExists(
            _("The claim has this document already."), sha256=digest.hex(), name=name
        ) from None


def _ensure_readable(content_type: str, content: bytes) -> None:
    if len(content) > LARGEST_DOCUMENT:
        raise DocumentRefused(
            _("A document may have at most {most} bytes.").format(most=LARGEST_DOCUMENT),
            field="content",
            most=LARGEST_DOCUMENT,
            size=len(content),
        )
    if not is_what_it_says(content_type, content):
        raise DocumentRefused(
            _("The content is not what its type says ({content_type}).").format(content_type=content_type),
            field="content",
            content_type=content_type,
        )
