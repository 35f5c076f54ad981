"""Forms: a page that asks for one thing, makes one domain call, and says field by field what was refused."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api import errors
from api.consoles.base import ConsolePage
from api.consoles.careful import CarefulForm
from tir.kernel.errors import DomainError

DAY = "%Y-%m-%d"


class Form(CarefulForm):
    """A form that a domain error can be put into; `problem_code` is the API's code of it."""

    problem_code: str = ""

    def refuse(self, error: DomainError, fields: Mapping[str, str] | None = None) -> int:
        """Put a domain error beside the fields it names and return the HTTP status of it.

        `fields` maps what the domain calls a field to what this form calls it.
        """
        self.problem_code = error.error_code
        named = errors.field_errors(error)
        for item in named:
            name = (fields or {}).get(item["field"], item["field"])
            self.add_error(name if name in self.fields else None, str(item["detail"]))
        if not named:
            self.add_error(None, str(error.detail))
        return errors.http_status_of(error)


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """Return a day, as the browser's own calendar gives it and the API takes it: 2026-11-24 and no other form."""
    widget = forms.DateInput(format=DAY, attrs={"type": "date"})
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=widget, input_formats=[DAY]
    )


def words_field(
    label: Any, *, most: int = 2000, rows: int = 3, required: bool = False, help_text: Any = ""
) -> forms.CharField:
    """Return a text of several lines, of at most so many characters."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, required=required, help_text=help_text, max_length=most, widget=widget
    )


def reason_field(*, most: int = 2000) -> forms.CharField:
    return words_field(_("Reason"), most=most, required=True)


class ReasonForm(Form):
    reason = reason_field()


class FormPage(ConsolePage):
    """`form` asks, `act` makes the domain call and returns where to go, `done` is the sentence shown there."""

    template: ClassVar[str] = "consoles/form-page.html"
    form: ClassVar[type[Form]]
    submit: ClassVar["str | Promise"]
    says: ClassVar["str | Promise"] = ""
    done: ClassVar["str | Promise"] = ""
    tone: ClassVar[str] = "primary"
    fields: ClassVar[Mapping[str, str]] = {}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        raise NotImplementedError

    def build(self, request: HttpRequest, *given: Any, **options: Any) -> Form:
        """Return the form, over what was sent or with what stands in it at first."""
        return self.form(*given, **options)

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {}

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        """Return where Cancel leads."""
        return ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._show(request, self.build(request, initial=self.initial(request, **kwargs)), 200, kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Make the domain call and lead on; what was refused stands beside its field, with the status the API would
        give."""
        form = self.build(request, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, form, 400, kwargs)
        try:
            address = self.act(request, form, **kwargs)
        except DomainError as error:
            return self._show(request, form, form.refuse(error, self.fields), kwargs)
        if self.done:
            messages.success(request, str(self.done))
        return redirect(address)

    def _show(
        self, request: HttpRequest, form: Form, status: int, arguments: dict[str, Any]
    ) -> HttpResponseBase:
        context = {
            "form": form,
            "submit": self.submit,
            "says": self.says,
            "tone": self.tone,
            "back": self.back(request, **arguments),
            **self.context(request, **arguments),
        }
        return self.page(request, status=status, **context)
