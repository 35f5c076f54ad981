"""What the pages' templates say: `{% field form.reason %}`, `{% moment at office %}`, `{% chart exposure %}`."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from api.consoles import formatting
from api.consoles.statuses import badge, status_badge

register = template.Library()
register.simple_tag(formatting.moment, name="moment")
register.simple_tag(formatting.office_name, name="office")
register.simple_tag(badge, name="badge")
register.filter("day", formatting.day)
register.filter("article", formatting.article)

WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "text": str,
    "moment": lambda said: formatting.moment(*said),
    "whether": lambda said: _("yes") if said else _("no"),
    "office": formatting.office_name,
    "yes": lambda said: badge(_("yes"), "go") if said else badge(_("no"), "stop"),
    "list": ", ".join,
    "figure": formatting.figure,
}
CLASSES = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


@register.simple_tag(name="money")
def money_tag(amount: Decimal | None, currency: str, places: int = 2) -> str:
    return formatting.money(amount, currency, places=places)


@register.filter("figure")
def figure_filter(value: Decimal | int | None) -> str:
    return formatting.NOTHING if value is None else formatting.figure(value)


@register.simple_tag(name="status")
def status_tag(record: Any, name: str = "status") -> SafeString:
    """Return the record's status as a badge."""
    return status_badge(record, name)


@register.simple_tag(name="control")
def control_tag(bound: BoundField) -> SafeString:
    """Return the input of a field with the classes of the look, invalid ones marked."""
    widget = bound.field.widget
    known = next(name for kind, name in CLASSES if isinstance(widget, kind))
    invalid = " is-invalid" if bound.errors else ""
    return bound.as_widget(attrs={**widget.attrs, "class": f"{known}{invalid}"})


@register.inclusion_tag("consoles/field.html", name="field")
def field_tag(bound: BoundField) -> dict[str, Any]:
    """Return what the template of a field asks: its box of marks and words is drawn otherwise than a line of text."""
    widget = bound.field.widget
    return {
        "bound": bound,
        "is_check": isinstance(widget, forms.CheckboxInput),
        "is_ticks": isinstance(widget, forms.CheckboxSelectMultiple),
    }


@register.inclusion_tag("consoles/errors.html", name="errors")
def errors_tag(form: Any) -> dict[str, Any]:
    """List above a form what is wrong with it, each a link to its field."""
    return {"form": form}


@register.inclusion_tag("consoles/chart.html", name="chart")
def chart_tag(chart: Any) -> dict[str, Any]:
    return {"chart": chart}


@register.inclusion_tag("consoles/figure.html", name="figure_card")
def figure_card_tag(
    label: str, value: Any, address: str, as_of: datetime | date, tone: str = "", note: str = ""
) -> dict[str, Any]:
    """Show one figure that opens its rows: `value` comes written out, by `{% money %}` or `|figure`."""
    return {"label": label, "value": value, "address": address, "as_of": as_of, "tone": tone, "note": note}


@register.simple_tag(name="record")
def record_tag(kind: str, value: Any) -> str:
    """Return one thing an office wrote down, by its kind; a dash where it wrote nothing."""
    if value in (None, "", []):
        return formatting.NOTHING
    return WRITTEN[kind](value)
