"""What every text, number and day of a body may be, for all bodies at once: as kinds, and not field by field."""

import importlib
import pkgutil
from collections.abc import Iterator
from decimal import Decimal
from json import dumps
from typing import Annotated, Any

import pytest
from pydantic import Field
from rest_framework.test import APIClient

import api.v1
from api.errors import BodyInvalid
from api.parsing import Body, Day, Digits, Instant, Text, Words, parse_json
from carnets.models import Carnet
from tests.api.calls import API, issue_body, ok, refused_fields, stamp_body, vehicle


class Sample(Body):
    plate: Annotated[str, Text(20, capitals=True)] = ""
    remark: Annotated[str, Words(200)] = ""
    on: Day | None = None
    at: Instant | None = None
    amount: Annotated[Digits, Field(gt=0, max_digits=14, decimal_places=2)] | None = None
    count: int | None = None


def faults(text: str) -> dict[str, str]:
    """Return what is wrong with a body by field."""
    try:
        parse_json(Sample, text)
    except BodyInvalid as invalid:
        return {fault.field: fault.code for fault in invalid.faults}
    return {}


def of(**fields: Any) -> dict[str, str]:
    return faults(dumps(fields))


class TestATextOfOneLine:
    @pytest.mark.parametrize("code", [*range(1, 0x20), *range(0x7F, 0xA0)])
    def test_holds_no_control_character(self, code: int) -> None:
        for text in (f"{chr(code)}01KZ", f"01{chr(code)}KZ", f"01KZ{chr(code)}"):
            assert of(plate=text) == {"plate": "control_character"}
        assert of(plate="01KZ") == {}

    def test_holds_no_nul(self) -> None:
        assert of(plate="01\x00KZ") == {"plate": "has_nul"}

    @pytest.mark.parametrize("text", ["01\u200bKZ", "\ufeff01KZ", "01\u00adKZ", "01\u00a0KZ", "01KZ\u202e"])
    def test_keeps_format_characters_as_typed(self, text: str) -> None:
        assert parse_json(Sample, f'{{"plate": "{text}"}}').plate == text

    @pytest.mark.parametrize("text", ["\u200b", " \u200d ", "\u3164", "\u2800\u2800", "\ufeff\u00ad"])
    def test_has_something_to_see(self, text: str) -> None:
        assert of(plate=text) == {"plate": "nothing_visible"}
        assert of(plate=f"{text}A") == {}

    def test_may_be_blank_where_it_may_be_left_out(self) -> None:
        assert of(plate="") == of(plate="  ") == {}


class TestADescription:
    def test_may_have_lines_and_tabs(self) -> None:
        assert parse_json(Sample, '{"remark": "one\\n\\ttwo"}').remark == "one\n\ttwo"

    @pytest.mark.parametrize("code", [1, 0x0B, 0x0C, 0x0D, 0x1B, 0x7F, 0x85])
    def test_holds_no_other_control_character(self, code: int) -> None:
        assert of(remark=f"one{chr(code)}two") == {"remark": "control_character"}


class TestADay:
    @pytest.mark.parametrize(
        "text",
        ["1764547200", "20261201", "2026-12-1", "2026-12-01T00:00:00Z", "２０２６-12-01", "٢٠٢٦-12-01", " 2026-12-01",
         "2026-W49-2", "01.12.2026", ""],
    )  # fmt: skip
    def test_is_four_digits_two_and_two(self, text: str) -> None:
        assert of(on=text) == {"on": "not_a_date"}
        assert of(on="2026-12-01") == {}

    @pytest.mark.parametrize("value", [1764547200, 20261201, True, 1.5, ["2026-12-01"]])
    def test_is_a_text(self, value: object) -> None:
        assert of(on=value) == {"on": "not_a_date"}

    def test_is_on_the_calendar_and_in_this_century(self) -> None:
        assert of(on="2026-02-30") == {"on": "not_a_date"}
        assert of(on="9999-12-31") == {"on": "out_of_range"}


class TestAnAmount:
    ODD = (
        "1_000",
        "1e3",
        "１２",
        "١٢",
        "+5",
        " 5",
        "0x10",
        "5.",
        ".5",
        "1,000",
        "Infinity",
        "NaN",
        "",
        "five",
        "1" * 41,
    )

    @pytest.mark.parametrize("text", ODD)
    def test_in_quotes_is_ascii_digits(self, text: str) -> None:
        assert of(amount=text) == {"amount": "not_an_amount"}

    @pytest.mark.parametrize(
        ("text", "amount"), [('"60000.00"', "60000.00"), ("1250.5", "1250.5"), ("7", "7")]
    )
    def test_may_be_a_text_or_a_number(self, text: str, amount: str) -> None:
        assert parse_json(Sample, f'{{"amount": {text}}}').amount == Decimal(amount)

    @pytest.mark.parametrize("value", [True, None, [1]])
    def test_is_no_yes_nor_list(self, value: object) -> None:
        assert of(amount=value) == ({} if value is None else {"amount": "not_an_amount"})

    def test_keeps_its_bounds(self) -> None:
        assert of(amount="0.00") == {"amount": "too_small"}
        assert of(amount="1.234") == {"amount": "too_precise"}


class TestACount:
    @pytest.mark.parametrize("value", ["12", "1_000", "１２", 1.5, True, "1e3"])
    def test_is_a_number_and_no_text(self, value: object) -> None:
        assert of(count=value) == {"count": "not_a_number"}
        assert of(count=12) == {}


def texts_of(schema: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every free text of a model's JSON schema with where it stands."""
    if isinstance(schema, dict):
        if schema.get("type") == "string" and not {"enum", "const", "format", "pattern"} & set(schema):
            yield at, schema
        for name, part in schema.items():
            yield from texts_of(part, f"{at}.{name}")
    elif isinstance(schema, list):
        for part in schema:
            yield from texts_of(part, at)


def bodies() -> list[type[Body]]:
    """Return every body that a call of version 1 takes."""
    for module in pkgutil.walk_packages(api.v1.__path__, "api.v1."):
        importlib.import_module(module.name)
    found, left = [], [Body]
    while left:
        below = left.pop().__subclasses__()
        found += [kind for kind in below if kind.__module__.startswith("api.")]
        left += below
    return found


class TestEveryBody:
    def test_bounds_each_of_its_texts(self) -> None:
        """A field that is a bare `str` would take control characters, and any length."""
        assert len(bodies()) > 20
        bare = {
            f"{body.__name__}{place}"
            for body in bodies()
            for place, schema in texts_of(body.model_json_schema())
            if "maxLength" not in schema
        }

        assert bare == set()


class TestCalls:
    def test_keep_a_plate_and_a_seal_as_they_were_typed(
        self, association: APIClient, officer: APIClient, carnet: Carnet
    ) -> None:
        issued = ok(
            association.post(f"{API}/carnets/", issue_body(vehicles=[vehicle(registration="01\u200bkz 1")])),
            201,
        )
        assert issued["vehicles"][0]["registration"] == "01\u200bKZ 1"

        body = stamp_body(carnet.number, 1, seals={"affixed": ["A\u200d-1"]})
        stamp = ok(officer.post(f"{API}/stamps/", body), 201)
        assert ok(officer.get(f"{API}/stamps/{stamp['id']}/"))["seals"]["affixed"] == ["A\u200d-1"]

    def test_refuse_a_control_character_in_a_seal(self, officer: APIClient, carnet: Carnet) -> None:
        body = stamp_body(carnet.number, 1, seals={"affixed": ["A-\x1b1"]})

        assert refused_fields(officer.post(f"{API}/stamps/", body)) == {
            "seals.affixed.0": "control_character"
        }

    def test_refuse_an_unknown_parameter_of_a_post_too(self, officer: APIClient, carnet: Carnet) -> None:
        answer = officer.post(f"{API}/stamps/?dry_run=1", stamp_body(carnet.number, 1))

        assert refused_fields(answer) == {"dry_run": "unknown_field"}
        assert not carnet.stamps.exists()
