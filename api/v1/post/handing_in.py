"""The import of what a broken phone exported."""

from functools import partial
from typing import ClassVar

from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import officer_behind
from api.endpoints import Endpoint
from api.openapi import documented
from api.parsing import request_body
from api.permissions import OFFICERS
from api.v1.checkpoints.batching import answer_each
from api.v1.checkpoints.bodies import BatchOut
from api.v1.checkpoints.reading import stamps_in
from api.v1.post.bodies import UnsentEnvelope, UnsentFile
from api.v1.post.holding import TAG
from checkpoints.phones.handing_in import hand_in
from checkpoints.posts.postings import always_at
from tir.kernel.clock import now


@method_decorator(gzip_page, name="dispatch")
class ImportStamps(Endpoint):
    """Stamps from a file: same results as a batch."""

    allow: ClassVar = {"POST": OFFICERS}

    @documented(
        "Hand in the unsent stamps of a broken phone",
        operation="import_stamps",
        body=UnsentFile,
        answers={200: BatchOut},
        problems=(422,),
        tag=TAG,
    )
    def post(self, request: Request) -> Response:
        body, officer, at = request_body(request), officer_behind(request), now()
        head, stamps = stamps_in(UnsentFile, UnsentEnvelope, body)
        at_home = always_at(officer.office_on(at), officer)
        record = partial(hand_in, certified_by=head.officer, device_id=head.device, by=officer, at=at)
        return Response({"results": answer_each(stamps, at_home, lambda asked: record(requests=asked))})
