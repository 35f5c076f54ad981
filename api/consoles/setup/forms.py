"""A form for each register, made from its entry: what is typed becomes an entry by the same reading as a file's."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from django import forms
from django.utils.translation import gettext_lazy as _

from api.consoles.forms import Form, words_field
from api.consoles.setup.words import HELP, LABELS
from carnets.choices import OfficeRole
from checkpoints.choices import CrossingMode
from checkpoints.models import CustomsOffice
from guarantees.choices import Clock
from guarantees.models import Association, CustomsTerritory, Guarantee
from tir.registers.entering import Register, entry_of
from tir.registers.texts import as_texts

Choices = Iterable[tuple[str, Any]]
MOST = 300  # characters of any text


def _named(rows: Any, key: str, name: str) -> list[tuple[str, str]]:
    return [
        ("", "–"),
        *((code, f"{code} {said}") for code, said in rows.order_by(key).values_list(key, name)),
    ]


CHOICES: Mapping[str, Callable[[], Choices]] = {
    "territory": lambda: _named(CustomsTerritory.objects.all(), "code", "name_en"),
    "association": lambda: _named(Association.objects.all(), "code", "name"),
    "office_a": lambda: _named(CustomsOffice.objects.all(), "code", "name_en"),
    "office_b": lambda: _named(CustomsOffice.objects.all(), "code", "name_en"),
    "guarantee": lambda: _named(Guarantee.objects.all(), "reference", "currency"),
    "clock": lambda: [("", "–"), *Clock.choices],
    "mode": lambda: CrossingMode.choices,
    "roles": lambda: OfficeRole.choices,
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
                made.disabled = field.name in register.lookup
            elif field.default is not MISSING and field.default not in (None, ""):
                made.initial = field.default
            self.fields[field.name] = made
        self.fields["reason"] = words_field(_("Reason"), most=500)  # asked for with all the rest, at once

    def entry(self) -> Any:
        """Return what was typed as an entry. Raises EntryRefused, naming every field that cannot be read."""
        texts = {}
        for field in fields(self.register.entry):
            said = self.cleaned_data[field.name]
            texts[field.name] = ";".join(said) if isinstance(said, list) else _text(said)
        return entry_of(self.register, texts)


def _text(said: Any) -> str:
    if isinstance(said, bool):
        return "true" if said else "false"
    return "" if said is None else str(said)


def _initial(field: forms.Field, text: str) -> Any:
    if isinstance(field, forms.BooleanField):
        return text == "true"
    return text.split(";") if isinstance(field, forms.MultipleChoiceField) else text


def _field(name: str, hint: Any) -> forms.Field:
    if isinstance(hint, UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
    said: dict[str, Any] = {"label": LABELS[name], "help_text": HELP.get(name, ""), "required": False}
    if get_origin(hint) is tuple:
        return forms.MultipleChoiceField(**said, choices=list(CHOICES[name]()), widget=forms.SelectMultiple)
    if name in CHOICES:
        return forms.ChoiceField(**said, choices=list(CHOICES[name]()))
    if hint is bool:
        return forms.BooleanField(**said)
    if hint is date:
        return forms.CharField(**said, max_length=10, widget=forms.DateInput(attrs={"type": "date"}))
    return forms.CharField(**said, max_length=MOST)
