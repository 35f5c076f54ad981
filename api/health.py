"""Whether this process lives, and whether it can serve; and the public keys that readers of the QR codes hold."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from carnets.tokens import public_jwks, verification_keys

KEYS_MAY_BE_KEPT = 3600  # seconds


def live(request: HttpRequest) -> JsonResponse:
    """Answer as long as the process runs."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when PostgreSQL does, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ready"})


def jwks(request: HttpRequest) -> JsonResponse:
    """Publish the keys that verify vouchers (RFC 7517)."""
    answer = JsonResponse(public_jwks(verification_keys()))
    answer["Cache-Control"] = f"public, max-age={KEYS_MAY_BE_KEPT}"
    return answer
