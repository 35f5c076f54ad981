"""Witnesses: we as one of other nodes' logs (c2sp.org/tlog-witness), and what ours signed, handed in by hand."""

from typing import ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint
from api.feeding import place_asked
from api.openapi import documented
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, EVERYONE, SECRETARIAT
from api.renderers import JsonRenderer, TextRenderer
from api.v1.log.bodies import CosignaturesOut
from api.v1.log.reading import TAG, TEXT
from tir.kernel.clock import now
from tir.kernel.errors import Forbidden, Malformed, NotFound, Refused
from tir.log import published, witnessing
from tir.log.keys import witness_signer
from tir.log.notes import NoteMalformed

MOST_BYTES = 100_000
SIZE_SEEN = "text/x.tlog.size"


class NoteUnreadable(Malformed):
    """The body is not what c2sp.org says that it must be."""

    code = "note_unreadable"


class NotWatched(NotFound):
    """This node is no witness, or none of the log that the checkpoint is of."""

    code = "log_not_watched"


class CheckpointNotSigned(Forbidden):
    """The log that the checkpoint names did not sign it with the key that is known here."""

    code = "checkpoint_not_signed"


class GrowthNotShown(Refused):
    """The proof does not lead from what was signed before to this checkpoint."""

    code = "growth_not_shown"


class WitnessUnknown(Refused):
    """None of the signatures is one that a registered witness made of this checkpoint."""

    code = "witness_unknown"


class AddCheckpoint(Endpoint):
    """We as a witness: another node's log has grown, and we sign that we saw it."""

    authentication_classes = ()
    allow: ClassVar = {"POST": EVERYONE}
    renderer_classes = (TextRenderer, JsonRenderer)
    most_bytes = MOST_BYTES

    @documented(
        "Have a checkpoint cosigned (tlog-witness)",
        operation="add_checkpoint",
        answers={(200, "text/plain"): str, (409, SIZE_SEEN): str},
        problems=(400, 403, 404, 413, 422),
        tag=TAG,
        public=True,
    )
    def post(self, request: Request) -> HttpResponse:
        """Body and answer are those of c2sp.org/tlog-witness; 409 answers the size that we saw last."""
        signer = witness_signer()
        if signer is None:
            raise NotWatched(_("This node is no witness."))
        try:
            submission = witnessing.submission_of(request.body)
            signature = witnessing.add_checkpoint(submission, signer, now())
        except witnessing.OldSizeDiffers as seen:
            return HttpResponse(f"{seen.size}\n", status=409, content_type=SIZE_SEEN)
        except witnessing.OriginUnknown:
            raise NotWatched(
                _("This node is no witness of this log. Ask who runs it to register the log.")
            ) from None
        except witnessing.SignatureRefused:
            raise CheckpointNotSigned(
                _("The log did not sign this checkpoint with the key that is known here.")
            ) from None
        except witnessing.NotGrown:
            raise GrowthNotShown(
                _("The proof does not show that the log grew out of what we saw last.")
            ) from None
        except NoteMalformed as error:
            raise _unreadable(error) from None
        return HttpResponse(signature.line, content_type=TEXT)


class Cosignatures(Endpoint):
    """Signatures of witnesses that are reached by nobody and hand in what they signed."""

    allow: ClassVar = {"POST": ASSOCIATIONS | SECRETARIAT | CUSTOMS_HQ}
    most_bytes = MOST_BYTES

    @documented(
        "Hand in signatures of witnesses",
        operation="add_cosignatures",
        answers={200: CosignaturesOut},
        problems=(400, 404, 413, 422),
        parameters=(
            OpenApiParameter("size", int, description="Of the checkpoint; the newest when left out."),
        ),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        """The body is signature lines as in c2sp.org/tlog-cosignature. Those of registered witnesses are kept."""
        log, size = published.newest_log(), place_asked(request, "size")
        checkpoint = published.newest_checkpoint(log) if size is None else published.checkpoint_of(log, size)
        try:
            lines = request.body.decode().splitlines()
            taken = witnessing.take_cosignatures(checkpoint, lines) if lines else 0
        except UnicodeDecodeError:
            raise NoteUnreadable(_("The body is not UTF-8.")) from None
        except NoteMalformed as error:
            raise _unreadable(error) from None
        if not taken:
            raise WitnessUnknown(
                _(
                    "No registered witness signed the checkpoint of {size} entries so. Name the size that was signed. "
                    "A witness is registered by who runs this node."
                ).format(size=checkpoint.size),
                field="size",
                size=checkpoint.size,
            )
        return Response({"size": checkpoint.size, "taken": taken})


def _unreadable(error: NoteMalformed) -> NoteUnreadable:
    return NoteUnreadable(
        _("This cannot be read ({reason}). See c2sp.org/tlog-witness.").format(reason=error)
    )
