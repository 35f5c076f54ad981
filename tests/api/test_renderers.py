"""Answers are what the framework itself would write, byte for byte."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer

from api.renderers import JsonRenderer
from carnets.choices import CarnetStatus

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@given(VALUES)
def test_any_answer(answer: object) -> None:
    assert JsonRenderer().render(answer) == JSONRenderer().render(answer)


@pytest.mark.parametrize(
    "answer",
    [
        {"id": UUID(int=7), "status": CarnetStatus.IN_TRANSIT, "said": gettext_lazy("Issued")},
        {"day": date(2026, 3, 2), "at": datetime(2026, 3, 2, 9, 14, 7, 120394, UTC)},
        {"at": datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=5)))},
        {"rows": (n for n in range(3)), "some": (1, 2), "text": "a\u2028b\u2029c", "half": 0.5},
    ],
)  # fmt: skip
def test_what_has_no_type_of_its_own(answer: dict[str, object]) -> None:
    rows = list(answer["rows"]) if "rows" in answer else None  # type: ignore[call-overload]
    both = [{**answer, "rows": iter(rows)} if rows else answer for _twice in range(2)]

    assert JsonRenderer().render(both[0]) == JSONRenderer().render(both[1])


def test_indented_when_it_is_asked_for() -> None:
    assert JsonRenderer().render({"a": 1}, "application/json; indent=2") == b'{\n  "a": 1\n}'


def test_an_amount_is_never_a_float() -> None:
    assert JsonRenderer().render({"amount": Decimal("1.50")}) == b'{"amount":"1.50"}'


def test_nothing() -> None:
    assert JsonRenderer().render(None) == b""
