"""Reading request bodies: pydantic models say what a body may hold; what does not fit becomes one problem document
that names every field at once.

Pydantic rather than serializers, because a batch of five hundred stamps is read eleven times faster (ADR 0011).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from django.utils.translation import gettext_lazy as _
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema, from_json
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request

from api.errors import BodyInvalid, FieldFault
from tir.kernel.characters import control_in, is_visible

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
DAY_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AMOUNT = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
WHOLE = re.compile(r"[0-9]{1,9}")
HALF_A_CHARACTER = re.compile(r"[\ud800-\udfff]")
_BEGINS_WITH_ADAY_WRITTEN = re.compile(DAY_WRITTEN.pattern + "[T ]")
LONG_BODY = 20_000  # bytes: only a longer one can hold faults enough to hurt
MOST_FIELDS = 60  # of one object; the largest that a call takes has some twenty
MOST_OF_A_NAME = 200  # characters of an unknown field that an answer repeats
JSON_TYPES = frozenset({"application/json", ""})
COUNTRY, CURRENCY = r"^[A-Z]{2}$", r"^[A-Z]{3}$"
FORMS = {COUNTRY: "country_code", CURRENCY: "currency_code"}


class Body(BaseModel):
    """A request body. A field nobody knows is refused: a misspelt `reservation` must not vanish unseen."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, frozen=True)


BodyType = TypeVar("BodyType", bound=Body)


def _within_this_century(value: datetime) -> datetime:
    if not EARLIEST <= value < LATEST:
        raise PydanticCustomError("out_of_range", "not in this century")
    return value.astimezone(UTC)


def _day_within_this_century(value: date) -> date:
    if not EARLIEST.date() <= value < LATEST.date():
        raise PydanticCustomError("out_of_range", "not in this century")
    return value


def _written_out(value: Any) -> Any:
    """A time is written out; a bare number could be seconds, milliseconds or a slip."""
    if not isinstance(value, str) or not _BEGINS_WITH_ADAY_WRITTEN.match(value):
        raise PydanticCustomError("datetime_type", "not a time in digits and colons")
    return value


Instant = Annotated[
    AwareDatetime, Field(strict=False), BeforeValidator(_written_out), AfterValidator(_within_this_century)
]


def _day_written_out(value: Any) -> Any:
    """A day is written out: pydantic would read seconds since 1970 in quotes as one."""
    if not isinstance(value, str) or not DAY_WRITTEN.fullmatch(value):
        raise PydanticCustomError("date_type", "not a day in digits")
    return value


Day = Annotated[
    date, Field(strict=False), BeforeValidator(_day_written_out), AfterValidator(_day_within_this_century)
]


def _in_digits(value: Any) -> Any:
    """Return an amount from a number, or from a text in ASCII digits: not "1_000", "1e3", nor digits of other scripts.

    A float stands for the digits it was written with; it holds more of them than any amount has.
    """
    if isinstance(value, str):
        if not AMOUNT.fullmatch(value):
            raise PydanticCustomError("decimal_parsing", "not in digits")
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PydanticCustomError("decimal_type", "neither a number nor digits")
    return Decimal(repr(value) if isinstance(value, float) else value)


Digits = Annotated[
    Decimal,
    BeforeValidator(
        _in_digits, json_schema_input_type=float | Annotated[str, Field(pattern=f"^{AMOUNT.pattern}$")]
    ),
]
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)


def instant_or_day(value: Any) -> datetime | date:
    """Return an instant with its offset, or a day; raise ValueError (pydantic's) for anything else."""
    if isinstance(value, str) and DAY_WRITTEN.fullmatch(value):
        try:
            return _day_within_this_century(date.fromisoformat(value))
        except ValueError:
            raise PydanticCustomError("date_parsing", "no such day") from None
    try:
        return _INSTANT.validate_python(value)
    except ValidationError as invalid:
        kind = invalid.errors(include_url=False)[0]["type"]
        raise PydanticCustomError(
            "no_time_zone" if kind == "timezone_aware" else "not_a_time_or_day", "neither time nor day"
        ) from None


InstantOrDay = Annotated[
    datetime | date,
    PlainValidator(instant_or_day),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
    ),
]


@dataclass(frozen=True, slots=True)
class Text:
    """Bounds a field that is a text: `least` to `most` characters, none of them a control character, and something to
    be seen unless it is blank. With `lines`, tabs and line feeds may lay it out.

    With `capitals` it is kept in capitals (plates, codes); a letter whose capital is longer must still fit.
    """

    most: int
    least: int = 0
    capitals: bool = False
    lines: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        bounded = core_schema.str_schema(min_length=self.least or None, max_length=self.most)
        # Before blanks at its ends are cut off, for a line feed there is one of them.
        seen = core_schema.no_info_before_validator_function(self._readable, bounded)
        return core_schema.no_info_after_validator_function(self._kept, seen)

    def _readable(self, value: Any) -> Any:
        if isinstance(value, str) and (kind := text_fault(value, lines=self.lines)):
            raise PydanticCustomError(kind, "a character that no text holds")
        return value

    def _kept(self, value: str) -> str:
        kept = value.upper() if self.capitals else value
        if len(kept) > self.most:
            raise PydanticCustomError("string_too_long", "too long in capitals", {"max_length": self.most})
        return kept


def text_fault(text: str, *, lines: bool = False) -> str:
    """Return the kind of what no text may hold, blank when there is nothing of it. Blanks alone are for the caller."""
    if "\x00" in text:
        return "has_nul"
    if control_in(text, lines=lines):
        return "control_character"
    return "nothing_visible" if text.strip() and not is_visible(text) else ""


def Words(most: int, least: int = 0) -> Text:  # noqa: N802 - it stands where Text does
    """Return the bounds of a description: it may have lines."""
    return Text(most, least, lines=True)


def parse(model: type[BodyType], request: Request) -> BodyType:
    """Return the request's body as `model`; raise BodyInvalid naming every field that does not fit."""
    read = parse_json(model, request_body(request))
    getattr(request, "_request", request).sent_fields = read.model_fields_set  # type: ignore[union-attr]
    return read


def request_body(request: Request) -> bytes:
    """Return the body as bytes; `{}` for none. Raises UnsupportedMediaType for what does not call itself JSON."""
    media_type = (request.content_type or "").partition(";")[0].strip().lower()
    if media_type not in JSON_TYPES:
        raise UnsupportedMediaType(media_type)
    body: bytes = request.body
    return body or b"{}"


def parse_json(model: type[BodyType], body: bytes | str) -> BodyType:
    """Return JSON as `model`; raise BodyInvalid naming every field that does not fit."""
    _ensure_few_fields_in(body)
    try:
        return model.model_validate_json(body)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False)
        raise BodyInvalid([_field_fault(item) for item in errors]) from None


def _ensure_few_fields_in(body: bytes | str) -> None:
    if len(body) < LONG_BODY:
        return
    try:
        content = from_json(body)
    except ValueError:  # what is not JSON is said where it is read
        return
    ensure_few_fields(content)


def ensure_few_fields(content: Any) -> None:
    """Raise BodyInvalid for an object with more fields than any call has. Each would be a fault of its own, and faults
    take some hundred times the room of the field they name."""
    objects = [content] if isinstance(content, (dict, list)) else []
    while objects:
        here = objects.pop()
        if isinstance(here, dict) and len(here) > MOST_FIELDS:
            raise field_invalid("", "too_many_fields", most=MOST_FIELDS)
        within = here.values() if isinstance(here, dict) else here
        objects.extend(one for one in within if isinstance(one, (dict, list)))


def ensure_whole_characters(content: Any) -> None:
    """Raise BodyInvalid for a text with half a character (a surrogate alone), which nothing can keep or show."""
    places = [("", content)]
    while places:
        field, here = places.pop()
        texts = [here] if isinstance(here, str) else here if isinstance(here, dict) else ()
        if any(HALF_A_CHARACTER.search(text) for text in texts):
            raise field_invalid(field[:MOST_OF_A_NAME], "string_unicode")
        named = here.items() if isinstance(here, dict) else enumerate(here) if isinstance(here, list) else ()
        places.extend((f"{field}.{name}" if field else str(name), one) for name, one in named)


def _field_fault(item: ErrorDetails) -> FieldFault:
    """Return one field's fault with our own sentence, so that it can be translated."""
    name = ".".join(str(part) for part in item["loc"])[:MOST_OF_A_NAME]
    return fault_of_kind(name, item["type"], {"reason": item["msg"], **item.get("ctx", {})})


def unknown_fields(names: Iterable[str]) -> BodyInvalid:
    """Return the error for fields or query parameters that nobody knows."""
    return BodyInvalid([fault_of_kind(name[:MOST_OF_A_NAME], "extra_forbidden", {}) for name in names])


def whole_number(field: str, text: str, *, least: int = 1) -> int:
    """Return a whole number from a query, in ASCII digits. Raises BodyInvalid."""
    if not WHOLE.fullmatch(text):
        raise field_invalid(field, "int_type")
    if int(text) < least:
        raise field_invalid(field, "greater_than_equal", ge=least)
    return int(text)


def field_invalid(field: str, kind: str, **facts: object) -> BodyInvalid:
    """Return the error for one field or query parameter, in the same words as pydantic's."""
    return BodyInvalid([fault_of_kind(field, kind, facts)])


def field_missing(field: str) -> BodyInvalid:
    """Return the error for a field that this call cannot do without."""
    return field_invalid(field, "missing")


def _finer(kind: str, facts: "Mapping[str, Any]") -> str:
    """Return the kind whose sentence says more than pydantic's own, where there is one."""
    if kind == "string_too_short" and facts.get("min_length") == 1:
        return "blank"
    return FORMS.get(str(facts.get("pattern")), kind)


def fault_of_kind(field: str, kind: str, facts: "Mapping[str, Any]") -> FieldFault:
    """Return what is wrong with a field, in our words for pydantic's kinds of fault and for our own."""
    code, sentence = SENTENCES.get(
        _finer(kind, facts), ("invalid", _("This value cannot be read ({reason})."))
    )
    return FieldFault(field, code, sentence, facts)


_TIME = _("Give a time as in 2026-11-23T08:15:00Z.")
_NUMBER = _("Give a whole number.")
_DECIMAL = _('Give an amount in digits with a point, as in "1250.00".')
SENTENCES: "dict[str, tuple[str, Any]]" = {
    "missing": ("required", _("This field is required.")),
    "extra_forbidden": ("unknown_field", _("There is no such field. Check its spelling.")),
    "json_invalid": ("json_invalid", _("The body is not JSON ({reason}).")),
    "model_type": ("not_an_object", _('Give an object with named fields, as in {{"name": …}}.')),
    "model_attributes_type": ("not_an_object", _('Give an object with named fields, as in {{"name": …}}.')),
    "string_type": ("not_text", _("Give a text.")),
    "string_too_long": ("too_long", _("Give at most {max_length} characters.")),
    "string_too_short": ("too_short", _("Give at least {min_length} characters.")),
    "blank": ("too_short", _("Fill this in: it cannot be blank.")),
    "string_pattern_mismatch": ("wrong_form", _("This does not have the right form ({pattern}).")),
    "country_code": ("wrong_form", _("Give the country's two capital letters (ISO 3166-1), as in KZ.")),
    "currency_code": ("wrong_form", _("Give the currency's three capital letters (ISO 4217), as in EUR.")),
    "string_unicode": ("not_text", _("Give a text in UTF-8.")),
    "has_nul": ("has_nul", _("A text cannot hold the character NUL. Leave it out.")),
    "control_character": (
        "control_character",
        _("A text cannot hold control characters. Leave them out; type it anew rather than paste it."),
    ),
    "nothing_visible": (
        "nothing_visible",
        _("Nothing of this text can be seen. Fill it in, or leave it blank."),
    ),
    "too_many_fields": ("too_many", _("No object here has more than {most} fields.")),
    "repeated": ("repeated_field", _("Give this once.")),
    "int_type": ("not_a_number", _NUMBER),
    "int_parsing": ("not_a_number", _NUMBER),
    "int_parsing_size": ("too_large", _("This number is too large.")),
    "int_from_float": ("not_a_number", _NUMBER),
    "decimal_type": ("not_an_amount", _DECIMAL),
    "decimal_parsing": ("not_an_amount", _DECIMAL),
    "finite_number": ("not_an_amount", _DECIMAL),
    "decimal_max_digits": ("too_large", _("Give at most {max_digits} digits.")),
    "decimal_max_places": ("too_precise", _("Give at most {decimal_places} digits after the point.")),
    "decimal_whole_digits": ("too_large", _("Give at most {whole_digits} digits before the point.")),
    "greater_than_equal": ("too_small", _("Give {ge} or more.")),
    "greater_than": ("too_small", _("Give more than {gt}.")),
    "less_than_equal": ("too_large", _("Give {le} or less.")),
    "bool_type": ("not_yes_or_no", _("Give true or false.")),
    "uuid_parsing": ("not_a_uuid", _("Give a UUID.")),
    "uuid_type": ("not_a_uuid", _("Give a UUID.")),
    "timezone_aware": ("no_time_zone", _("Give the time with its offset, as in 2026-11-23T08:15:00Z.")),
    "no_time_zone": ("no_time_zone", _("Give the time with its offset, as in 2026-11-23T08:15:00Z.")),
    "not_a_time_or_day": (
        "not_a_time",
        _("Give a time as in 2026-11-23T08:15:00Z, or a day as in 2026-11-23."),
    ),
    "datetime_parsing": ("not_a_time", _TIME),
    "datetime_from_date_parsing": ("not_a_time", _TIME),
    "datetime_object_invalid": ("not_a_time", _TIME),
    "datetime_type": ("not_a_time", _TIME),
    "date_parsing": ("not_a_date", _("Give a date as in 2026-11-23.")),
    "date_from_datetime_parsing": ("not_a_date", _("Give a date as in 2026-11-23.")),
    "date_from_datetime_inexact": ("not_a_date", _("Give a date as in 2026-11-23.")),
    "date_type": ("not_a_date", _("Give a date as in 2026-11-23.")),
    "list_type": ("not_a_list", _("Give a list.")),
    "too_long": ("too_many", _("Give at most {max_length} entries.")),
    "too_short": ("too_few", _("Give entries: {min_length} or more.")),
    "literal_error": ("unknown_choice", _("Give one of {expected}.")),
    "enum": ("unknown_choice", _("Give one of {expected}.")),
    "not_of_side": ("not_of_side", _("This filter does not go with the side {side}. Leave it out.")),
    "not_with_others": (
        "not_with_others",
        _("A stage of a claim is listed whole. Leave the other filters out."),
    ),
    "out_of_range": ("out_of_range", _("Give a time between the years 2000 and 2100.")),
    "out_of_window": ("out_of_range", _("Give a day from {first} to {last}.")),
    "out_of_period": ("out_of_period", _("Give an instant before `to`, and at most three days before it.")),
    "days_in_disorder": ("days_in_disorder", _("The last day comes after the first. Correct one of them.")),
    "cursor_invalid": (
        "cursor_invalid",
        _("Follow `next` or `previous` as they are, or leave the cursor out."),
    ),
}
