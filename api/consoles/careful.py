"""What no field of any form takes: the pages refuse what the API refuses, in the same words."""

from datetime import date, datetime
from typing import Any

from django import forms

from api.parsing import AMOUNT, DAY_WRITTEN, EARLIEST, LATEST, SENTENCES, WHOLE, text_fault


class Careful(forms.BaseForm):
    """A form whose texts hold no control character, whose numbers and days are ASCII digits, whose years are ours."""

    def clean(self) -> dict[str, Any]:
        """Add an error beside each field that holds what no field takes; line ends become line feeds."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(said.items()):
            field = self.fields[name]
            if isinstance(value, str) and isinstance(field, forms.CharField):
                said[name] = value.replace("\r\n", "\n")  # a browser's line, whatever it runs on
            if kind := _fault(field, said[name], self[name].data):
                self.add_error(name, str(SENTENCES[kind][1]))
        return said


def _fault(field: forms.Field, value: Any, raw: Any) -> str:
    """Return the kind of what is wrong with a value that Django has taken, blank for nothing; `raw` is as sent."""
    if isinstance(value, str):
        return text_fault(value, lines=isinstance(field.widget, forms.Textarea))
    written = raw.strip() if isinstance(raw, str) else ""
    if isinstance(value, date) and not _is_ours(value):
        return "out_of_range"
    if written and isinstance(field, forms.DateField) and not DAY_WRITTEN.fullmatch(written):
        return "date_type"
    if written and isinstance(field, forms.DecimalField):
        return "" if AMOUNT.fullmatch(written) else "decimal_parsing"
    is_odd = isinstance(field, forms.IntegerField) and written and not WHOLE.fullmatch(written)
    return "int_type" if is_odd else ""


def _is_ours(value: date) -> bool:
    day = value.date() if isinstance(value, datetime) else value
    return EARLIEST.date() <= day < LATEST.date()


class CarefulForm(Careful, forms.Form):
    """A plain form that is careful: the filters' own."""
