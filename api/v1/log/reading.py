"""The log for everybody: checkpoint, tiles and entries as c2sp.org/tlog-tiles has them, and proofs made here."""

import re
from base64 import b64encode
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint
from api.errors import instant
from api.feeding import place_asked
from api.filtering import Filter
from api.openapi import documented
from api.parsing import field_invalid
from api.permissions import EVERYONE
from api.renderers import BytesRenderer, JsonRenderer, TextRenderer
from api.v1.log.bodies import LogOut
from tir.kernel.clock import now
from tir.kernel.errors import Malformed
from tir.kernel.kept import kept_for
from tir.log import published
from tir.log.growing import pending
from tir.log.models import Checkpoint, Log
from tir.log.tiles import Tile, tile_at
from tir.log.witnessing import cosigned

TAG = "log"
FOR_A_MOMENT = "public, max-age=2"
FOR_GOOD = "public, max-age=31536000, immutable"
TEXT = "text/plain; charset=utf-8"
pending_known = kept_for(seconds=1)(pending)  # whoever asks makes nobody count anew each time
_LEAF = re.compile(r"[0-9a-f]{64}")


class ProofNotAsked(Malformed):
    """A proof is asked for by exactly one of index, leaf and from."""

    code = "proof_not_asked"


def log_of(ended: str | None) -> Log:
    """Return the log that an address is about. Raises NoLog."""
    return published.newest_log() if ended is None else published.ended_log(int(ended))


class Public(Endpoint):
    """An endpoint that asks nobody who they are."""

    authentication_classes = ()
    allow: ClassVar = {"GET": EVERYONE}


class LogFacts(Public):
    """What there is to know of the log at a glance."""

    @documented(
        "Look at the log", operation="read_log", answers={200: LogOut}, problems=(404,), tag=TAG, public=True
    )
    def get(self, request: Request) -> Response:
        """The log that grows: its name and key, how large it is, what waits for its place, and the logs before it."""
        log = published.newest_log()
        count, oldest = pending_known()
        newest = published.printed()
        facts = {
            "origin": log.origin,
            "key": log.key,
            "size": log.size,
            "checkpoint": newest
            and {"size": newest.size, "root": newest.root, "made_at": instant(newest.made_at)},
            "pending": {
                "count": count,
                "oldest_seconds": oldest and round((now() - oldest).total_seconds(), 1),
            },
            "ended": [
                _ended(number, each)
                for number, each in enumerate(Log.objects.order_by("pk"), 1)
                if each.ended_at
            ],
        }
        return Response(facts, headers={"Cache-Control": FOR_A_MOMENT})


def _ended(number: int, log: Log) -> dict[str, Any]:
    return {
        "number": number,
        "origin": log.origin,
        "key": log.key,
        "size": log.size,
        "ended_at": instant(log.ended_at),
        "reason": log.end_reason,
        "address": reverse("ended-log-checkpoint", args=[number]).removesuffix("/checkpoint"),
    }


class NewestCheckpoint(Public):
    """The newest checkpoint that was published, with the witnesses' signatures that it got."""

    renderer_classes = (TextRenderer, JsonRenderer)

    @documented(
        "Fetch the checkpoint (tlog-checkpoint)",
        operation="read_checkpoint",
        answers={(200, "text/plain"): str},
        problems=(404,),
        tag=TAG,
        public=True,
    )
    def get(self, request: Request, ended: str | None = None) -> HttpResponse:
        newest = published.newest_checkpoint(log_of(ended))
        return _text(cosigned(newest))


class CosignedCheckpoint(Public):
    """The newest checkpoint that some witnesses have signed: what a client trusts whose policy wants that many."""

    renderer_classes = (TextRenderer, JsonRenderer)

    @documented(
        "Fetch the checkpoint that witnesses have signed (tlog-checkpoint)",
        operation="read_cosigned_checkpoint",
        answers={(200, "text/plain"): str},
        problems=(404,),
        tag=TAG,
        public=True,
    )
    def get(self, request: Request, witnesses: str) -> HttpResponse:
        """The newest with signatures of at least so many registered witnesses. Tiles, entries and proofs have the same
        prefix, so that it is the address of a log of its own to who reads logs by one."""
        return _text(cosigned(published.cosigned_checkpoint(log_of(None), int(witnesses))))


class TileFile(Public):
    """Hashes of the tree, 256 a full tile."""

    renderer_classes = (BytesRenderer, JsonRenderer)

    @documented(
        "Fetch a tile (tlog-tiles)",
        operation="read_tile",
        answers={(200, "application/octet-stream"): bytes},
        problems=(404,),
        tag=TAG,
        public=True,
    )
    def get(
        self, request: Request, level: str, place: str, ended: str | None = None, witnesses: str = ""
    ) -> HttpResponse:
        return _file(published.hashes_of(log_of(ended), _tile(f"tile/{level}/{place}")))


class EntryBundle(Public):
    """Entries as they stand in the log, 256 a full bundle: a version and a hash each, which say nothing in clear."""

    renderer_classes = (BytesRenderer, JsonRenderer)

    @documented(
        "Fetch entries (tlog-tiles)",
        operation="read_entries",
        answers={(200, "application/octet-stream"): bytes},
        problems=(404,),
        tag=TAG,
        public=True,
    )
    def get(
        self, request: Request, place: str, ended: str | None = None, witnesses: str = ""
    ) -> HttpResponse:
        return _file(published.bundle_of(log_of(ended), _tile(f"tile/0/{place}")))


def _tile(path: str) -> Tile:
    found = tile_at(path)
    if found is None:
        raise Http404
    return found


def _file(content: bytes | None) -> HttpResponse:
    """Return what never changes; Http404 for what no published size has."""
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=BytesRenderer.media_type, headers={"Cache-Control": FOR_GOOD})


class TreeProofs(Public):
    """Proofs, made here for who does not want to compute them from tiles."""

    renderer_classes = (TextRenderer, JsonRenderer)
    leaf = Filter("leaf", "", "The entry with this hash in the tree: 64 hexadecimal digits.")

    @documented(
        "Fetch a proof (tlog-proof)",
        operation="read_proof",
        answers={(200, "text/plain"): str},
        problems=(404,),
        parameters=(
            OpenApiParameter("index", int, description="The entry at this index, the first being 0."),
            leaf.parameter,
            OpenApiParameter("from", int, description="That the log grew out of its first so many entries."),
            OpenApiParameter(
                "size", int, description="In the log of this size; the newest published when left out."
            ),
        ),
        tag=TAG,
        public=True,
    )
    def get(self, request: Request, ended: str | None = None, witnesses: str = "") -> HttpResponse:
        """That an entry is in the tree of a published checkpoint (`index` or `leaf`: a tlog-proof), or that the log
        grew out of a smaller one (`from`: a hash a line, in base64). Exactly one of the three."""
        log = log_of(ended)
        index, old, size = (place_asked(request, name) for name in ("index", "from", "size"))
        leaf = self.leaf.value(request)
        if sum((index is not None, old is not None, bool(leaf))) != 1:
            raise ProofNotAsked(
                _("Ask by index or leaf for an entry, or by from for growth: one of the three.")
            )
        if old is not None:
            if old == 0:
                raise field_invalid("from", "greater_than_equal", ge=1)
            asked = _checkpoint(log, None, witnesses).size if size is None else size
            hashes = published.proof_of_consistency(log, old, asked)
            return _text("".join(f"{b64encode(each).decode()}\n" for each in hashes))
        if leaf and not _LEAF.fullmatch(leaf):
            raise field_invalid("leaf", "string_pattern_mismatch", pattern="[0-9a-f]{64}")
        place = index if index is not None else published.index_of_leaf(log, bytes.fromhex(leaf))
        return _text(str(published.proof_of_entry(_checkpoint(log, size, witnesses), place)))


def _checkpoint(log: Log, size: int | None, witnesses: str) -> Checkpoint:
    """Return the checkpoint of that size; without one the newest, below an address of witnesses that they signed."""
    if size is not None:
        return published.checkpoint_of(log, size)
    return (
        published.cosigned_checkpoint(log, int(witnesses)) if witnesses else published.newest_checkpoint(log)
    )


def _text(content: str) -> HttpResponse:
    return HttpResponse(content, content_type=TEXT, headers={"Cache-Control": FOR_A_MOMENT})
