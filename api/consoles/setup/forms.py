"""A form for each register, made from its entry: what is typed becomes an entry by the same reading as a file's."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from api.consoles.forms import Form, words_field
from api.consoles.setup.shown import title_of
from api.consoles.setup.words import HELP, LABELS
from carnets.choices import OfficeRole
from checkpoints.choices import CrossingMode
from checkpoints.models import CustomsOffice
from checkpoints.posts.proposals import KINDS
from guarantees.choices import Clock
from guarantees.models import Association, CustomsTerritory, Guarantee
from tir.kernel.clock import now
from tir.kernel.errors import Refused
from tir.registers.entering import Register
from tir.registers.faults import EntryRefused, Faults
from tir.registers.texts import as_far_as_read, as_texts

CONTINENTS = frozenset({
    "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
})  # fmt: skip
Choices = Iterable[tuple[str, Any]]
MOST = 300  # characters of any text
MOST_OF_A_REASON = 500
IN_CAPITALS = frozenset({"code", "country", "currency"})  # of codes nobody means the small letters


def _named(rows: Any, key: str, name: str) -> list[tuple[str, str]]:
    return [
        ("", "–"),
        *((code, f"{code} {said}") for code, said in rows.order_by(key).values_list(key, name)),
    ]


@cache
def _zones() -> list[str]:
    """Return the zones that are named after a place."""
    return sorted(zone for zone in available_timezones() if zone.split("/")[0] in CONTINENTS)


CHOICES: Mapping[str, Callable[[], Choices]] = {
    "territory": lambda: _named(CustomsTerritory.objects.all(), "code", "name_en"),
    "association": lambda: _named(Association.objects.all(), "code", "name"),
    "office_a": lambda: _named(CustomsOffice.objects.all(), "code", "name_en"),
    "office_b": lambda: _named(CustomsOffice.objects.all(), "code", "name_en"),
    "kind": lambda: [("", "–"), *((kind, title_of(kind)) for kind in KINDS)],
    "guarantee": lambda: _named(Guarantee.objects.all(), "reference", "currency"),
    "clock": lambda: [("", "–"), *Clock.choices],
    "mode": lambda: CrossingMode.choices,
    "roles": lambda: OfficeRole.choices,
    "time_zone": lambda: [("", "–"), *((zone, zone) for zone in _zones())],
}


class EntryForm(Form):
    """The fields of one register's entry, and why; `old` is what stands there, whose natural key stays."""

    def __init__(self, register: Register[Any], old: Any, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.register = register
        hints = get_type_hints(register.entry)
        for field in fields(register.entry):
            made = _field(field.name, hints[field.name])
            if old is not None:
                made.initial = _initial(made, as_texts(old)[field.name])
                _ensure_offered(made)
                made.disabled = field.name in register.lookup
            else:
                made.initial = _at_first(made, field)
            self.fields[field.name] = made
        self.fields["reason"] = words_field(
            _("Reason"), most=MOST_OF_A_REASON
        )  # asked for with all the rest, at once

    def entry(self) -> Any:
        """Return what was typed as an entry. Raises EntryRefused, naming every field that cannot be read."""
        texts = {}
        for field in fields(self.register.entry):
            said = self.cleaned_data[field.name]
            text = ";".join(said) if isinstance(said, list) else _text(said)
            texts[field.name] = text.upper() if field.name in IN_CAPITALS else text
        entry, unread = as_far_as_read(self.register.entry, texts)
        if unread:
            raise EntryRefused([*unread, *self._more(entry, {each.field for each in unread})])
        return entry

    def _more(self, entry: Any, known: set[str | None]) -> list[Refused]:
        """Return what else is wrong beside what cannot be read: a person is told everything at once."""
        found = Faults()
        found.text(self.cleaned_data["reason"], "reason", most=MOST_OF_A_REASON)
        self.register.faults(entry, None, found)
        return [each for each in found if each.field not in known]


def _at_first(made: forms.Field, field: "Field[Any]") -> Any:
    """Return what stands in a field at first: what is usual, today, or the one thing that there is to choose."""
    if field.default is not MISSING:
        return field.default
    if field.name == "valid_from":
        return now().date().isoformat()
    choices = [code for code, _said in getattr(made, "choices", []) if code]
    return choices[0] if len(choices) == 1 and not isinstance(made, forms.MultipleChoiceField) else None


def _text(said: Any) -> str:
    if isinstance(said, bool):
        return "true" if said else "false"
    return "" if said is None else str(said)


def _initial(field: forms.Field, text: str) -> Any:
    if isinstance(field, forms.BooleanField):
        return text == "true"
    return text.split(";") if isinstance(field, forms.MultipleChoiceField) else text


def _ensure_offered(made: forms.Field) -> None:
    """Offer what stands there, though it is no longer among what is offered for something new."""
    choices: Any = getattr(made, "choices", None)
    if type(made) is forms.ChoiceField and made.initial not in dict(choices):
        made.choices = [*choices, (made.initial, made.initial)]


def _field(name: str, hint: Any) -> forms.Field:
    if isinstance(hint, UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
    said: dict[str, Any] = {"label": LABELS[name], "help_text": HELP.get(name, ""), "required": False}
    if get_origin(hint) is tuple:
        ticks = forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"})
        return forms.MultipleChoiceField(**said, choices=list(CHOICES[name]()), widget=ticks)
    if name in CHOICES:
        return forms.ChoiceField(**said, choices=list(CHOICES[name]()))
    if hint is bool:
        return forms.BooleanField(**said)
    if hint is date:
        return forms.CharField(**said, max_length=10, widget=forms.DateInput(attrs={"type": "date"}))
    return forms.CharField(**said, max_length=MOST)
