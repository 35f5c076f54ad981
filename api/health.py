"""Whether this process lives, and whether it can serve; and the public keys that readers of the QR codes hold."""

from typing import Any, ClassVar

from pydantic import BaseModel
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.endpoints import Endpoint
from api.openapi import documented
from api.permissions import EVERYONE
from api.readiness import concerns, hindrance
from carnets.tokens import public_jwks, verification_keys
from tir.kernel.sandbox import is_sandbox, kind

KEYS_MAY_BE_KEPT = 3600  # seconds
TAG = "server"


class Status(BaseModel):
    status: str


class Readiness(Status):
    """`concerns` are what to look at though stamps are taken: `broker`, `log`."""

    sandbox: bool | None = None
    installation: str | None = None  # real, training, demo
    concerns: list[str] = []


class PublicKey(BaseModel):
    """RFC 7517; `kid` is base64url of the eight bytes that a voucher's code names its key by."""

    kty: str
    crv: str
    alg: str
    use: str
    kid: str
    x: str
    y: str


class PublicKeys(BaseModel):
    keys: list[PublicKey]


class Open(Endpoint):
    """An endpoint that asks nobody who they are, and so does not mind an expired token either."""

    authentication_classes = ()
    allow: ClassVar = {"GET": EVERYONE}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask nothing: what watches a server may add to its address whatever defeats a cache."""
        APIView.initial(self, request, *args, **kwargs)


class Live(Open):
    """Whether the process runs."""

    @documented("Live?", operation="live", answers={200: Status}, tag=TAG, public=True)
    def get(self, request: Request) -> Response:
        return Response({"status": "live"})


class Ready(Open):
    """Whether the process can serve: 503 while PostgreSQL does not answer, is not migrated, or has a full disk."""

    @documented("Ready?", operation="ready", answers={200: Readiness, 503: Status}, tag=TAG, public=True)
    def get(self, request: Request) -> Response:
        """Whether the process can serve: 503 with the reason in `status` while PostgreSQL does not answer, has not been
        migrated, or its disk is full. A broker that does not answer and a log that stands still are `concerns`: stamps
        are taken all the same."""
        if said := hindrance():
            return Response({"status": said}, status=status.HTTP_503_SERVICE_UNAVAILABLE)
        return Response(
            {"status": "ready", "sandbox": is_sandbox(), "installation": kind(), "concerns": concerns()}
        )


class Keys(Open):
    """The keys that verify vouchers, for devices that must do so without a network."""

    @documented(
        "Keys that verify vouchers", operation="keys", answers={200: PublicKeys}, tag=TAG, public=True
    )
    def get(self, request: Request) -> Response:
        cached = {"Cache-Control": f"public, max-age={KEYS_MAY_BE_KEPT}"}
        return Response(public_jwks(verification_keys()), headers=cached)
