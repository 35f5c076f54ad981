"""A file of many entries of one register: everything that is wrong with it at once, or all of it on record."""

from dataclasses import fields
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.authentication import caller
from api.consoles.forms import Form, FormPage, reason_field
from api.consoles.setup.foreign import against
from api.consoles.setup.forms import MOST_OF_A_REASON
from api.consoles.setup.words import LABELS, TITLES
from api.permissions import REGISTRARS
from api.scope.reader import reader_of
from api.scope.registers import ensure_may_give
from checkpoints.packs.applying import Report, apply_pack
from checkpoints.packs.files import read_rows
from checkpoints.posts.registers import REGISTERS
from tir.kernel.clock import now
from tir.kernel.errors import Refused
from tir.registers.entering import Act

MOST_BYTES = 1_000_000
MOST_ROWS = 1_000  # one request's work; longer lists go by command
MOST_SHOWN = 200


class FileRefused(Refused):
    """The file is too large, has too many rows or something wrong in it; nothing of it was entered."""

    code = "file_refused"


class ImportForm(Form):
    content = forms.FileField(
        label=gettext_lazy("CSV file"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "UTF-8, a header, a line for each entry. The list itself, downloaded as CSV, is such a file."
        ),
    )
    over = forms.BooleanField(
        label=gettext_lazy("Change what is on record otherwise"),
        required=False,
    )
    check = forms.BooleanField(
        label=gettext_lazy("Only check: enter nothing, say what would be done"), required=False
    )
    reason = reason_field(most=MOST_OF_A_REASON)


class ImportPage(FormPage):
    """Enter a whole file, or nothing of it; what needs four eyes is proposed."""

    allow: ClassVar = {"GET": REGISTRARS, "POST": REGISTRARS}
    template = "consoles/setup/import.html"
    form, submit = ImportForm, gettext_lazy("Enter")
    cost = "export"  # a long list is minutes of work: it counts as a file that is made

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Enter the file and lead to the list; a fault, or a check, is told on the page."""
        form: Any = self.build(request, request.POST, request.FILES)
        if not form.is_valid():
            return self._show(request, form, 400, kwargs)
        said = form.cleaned_data
        try:
            report = _entered(request, kwargs["register"], said)
        except Refused as error:
            return self._show(request, form, form.refuse(error), kwargs)
        is_refused = bool(report.faults or (report.by_hand and not said["over"]))
        if is_refused or said["check"]:
            status = 422 if is_refused else 200
            return self._show(request, form, status, {**kwargs, "report": report, "is_refused": is_refused})
        messages.success(request, summary(report))
        return redirect(self.back(request, **kwargs))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ensure_may_give(reader_of(request), kwargs["register"])
        return super().get(request, *args, **kwargs)

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-register", kwargs={"register": arguments["register"]})

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what the columns are, and what came of a file."""
        name, report = kwargs["register"], kwargs.get("report")
        return {
            "title": _("{register}: enter a file").format(register=TITLES[name]),
            "columns": [(each.name, LABELS[each.name]) for each in fields(REGISTERS[name].entry)],
            "summary": summary(report) if report else "",
            "faults": report.faults[:MOST_SHOWN] if report else [],
            "by_hand": report.by_hand[:MOST_SHOWN] if report else [],
            "is_refused": kwargs.get("is_refused", False),
        }


def _entered(request: HttpRequest, name: str, said: Any) -> Report:
    """Return what came of the file. Raises FileRefused for one that is too long to look at here."""
    reader, file = reader_of(request), said["content"]
    ensure_may_give(reader, name)
    if file.size > MOST_BYTES:
        raise FileRefused(
            _("This file is too large. Divide it, or have it entered by command."), field="content"
        )
    pack = read_rows(file.name[:60], file.read(), REGISTERS[name])
    if len(pack.lines) > MOST_ROWS:
        raise FileRefused(
            _("A file has at most {most} rows here. Divide it, or have it entered by command.").format(most=MOST_ROWS),
            field="content",
        )  # fmt: skip
    act = Act(caller(request), now(), said["reason"])
    return apply_pack(
        pack,
        act,
        over=said["over"],
        is_trial=said["check"],
        against=lambda register, entry: against(reader, register, entry),
    )


def summary(report: Report) -> str:
    """Return in one sentence what was or would be done."""
    return _("{entered} entered, {proposed} proposed, {unchanged} unchanged, {faults} faults.").format(
        entered=len(report.entered),
        proposed=len(report.proposed) + len(report.waiting),
        unchanged=report.unchanged,
        faults=len(report.faults),
    )
