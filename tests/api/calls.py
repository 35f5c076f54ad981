"""What the API tests share: bodies in order, what is wrong with them, and how a problem document is checked."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pypdfium2
from django.http import HttpResponse

from carnets.documents.building import page_token
from carnets.models import Carnet
from checkpoints.recording.stamping import StampRequest
from tests.world import ROUTE, SEALS
from tir.kernel.clock import now

API = "/api/v1"
DEVICES = f"{API}/devices/"
PROBLEM_MEMBERS = {"type", "title", "status", "detail", "code"}


def today() -> date:
    return now().date()


def ago(**span: float) -> datetime:
    """Return an instant in the past, as `timedelta` takes it: `ago(hours=3)`."""
    return now() - timedelta(**span)


def issue_body(**changes: Any) -> dict[str, Any]:
    """Return an application that every rule accepts; `changes` break it."""
    return {
        "holder": "CHN/071/1001",
        "guarantee": "CN-2026-0001",
        "vouchers": 14,
        "valid_until": str(today() + timedelta(days=20)),
        "vehicles": [vehicle()],
        "itinerary": [{"start": start, "end": end} for start, end in ROUTE],
        "goods": [goods()],
        **changes,
    }


def vehicle(**changes: Any) -> dict[str, Any]:
    return {
        "registration": "01KZ123ABC",
        "country": "KZ",
        "approval_certificate": "1543-5645",
        "approval_expires": str(today() + timedelta(days=300)),
        **changes,
    }


def goods(**changes: Any) -> dict[str, Any]:
    return {
        "description": "Cotton shirts",
        "hs_code": "620520",
        "packages": 420,
        "package_kind": "CT",
        "gross_mass_kg": "8200.5",
        **changes,
    }


def stamp_body(number: str, page: int, **said: Any) -> dict[str, Any]:
    """Return what an officer sends who has nothing to remark."""
    seals = {"intact": True, "affixed" if page == 1 else "found": list(SEALS)}
    return {
        "id": str(uuid4()),
        "carnet": number,
        "page": page,
        "occurred_at": now().isoformat(),
        "seals": seals,
        **({"packages": 420} if page % 2 == 0 else {}),
        **said,
    }


def incident_body(number: str, **said: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "carnet": number,
        "kind": "seals_broken",
        "description": "Seals cut at night, goods complete.",
        "seals_broken": list(SEALS),
        "seals_affixed": ["N-1"],
        "occurred_at": now().isoformat(),
        **said,
    }


def refusal_body(number: str, page: int, **said: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "carnet": number,
        "page": page,
        "reason": "seals_not_in_order",
        "text": "No seals at all.",
        "occurred_at": now().isoformat(),
        **said,
    }


def qr_of(carnet: Carnet, page: int) -> str:
    """Return the text of the code printed on a voucher page."""
    return page_token(carnet, page)


def as_request(body: dict[str, Any]) -> StampRequest:
    """Return a body of `stamp_body` as the domain takes it, to record a first stamp quickly."""
    return StampRequest(
        id=body["id"],
        number=body["carnet"],
        page=body["page"],
        occurred_at=datetime.fromisoformat(body["occurred_at"]),
    )


def problem(answer: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is a problem document with this status and code, and return it."""
    assert answer["Content-Type"] == "application/problem+json", (answer.status_code, answer.content[:500])
    found: dict[str, Any] = answer.json()  # type: ignore[attr-defined]
    assert (answer.status_code, found.get("code")) == (status, code), found
    assert PROBLEM_MEMBERS <= set(found), found
    assert found["status"] == status
    assert found["type"].endswith(f"#{code}")
    assert found["title"]
    assert found["detail"].endswith((".", ")", "…"))
    return found


def fields(found: dict[str, Any]) -> dict[str, str]:
    """Return the fields at fault with their codes."""
    return {item["field"]: item["code"] for item in found["errors"]}


def refused_fields(answer: HttpResponse) -> dict[str, str]:
    """Check that an answer says 400 about its body, and return the fields at fault with their codes."""
    return fields(problem(answer, 400, "body_invalid"))


def ok(answer: Any, status: int = 200) -> Any:
    """Check the status of an answer and return its JSON."""
    assert answer.status_code == status, (answer.status_code, answer.content[:2000])
    return answer.json()


def text_of(answer: Any) -> str:
    """Return what can be read in an answered PDF."""
    document = pypdfium2.PdfDocument(answer.content)
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)
