"""A country pack on pages: taken away, sent in to see what it would change, and applied."""

import binascii
from base64 import b64decode, b64encode
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles.base import ConsolePage
from api.consoles.forms import Form, words_field
from api.consoles.setup.foreign import against, is_for
from api.consoles.setup.forms import MOST_OF_A_REASON
from api.consoles.setup.importing import MOST_BYTES, MOST_ROWS, MOST_SHOWN, summary
from api.permissions import REGISTRARS
from api.scope.reader import reader_of
from checkpoints.packs.applying import Report, apply_pack
from checkpoints.packs.archives import read_archive, write_archive
from checkpoints.packs.files import Pack
from tir.kernel.clock import now
from tir.kernel.errors import Refused
from tir.registers.entering import Act

LARGEST_HELD = 4 * (MOST_BYTES // 3 + 1)  # of a pack between check and applying, in letters


class PackRefused(Refused):
    """The pack is too large to be looked at on a page; nothing of it was entered."""

    code = "pack_refused"


class PackForm(Form):
    pack = forms.FileField(
        label=_("Country pack (ZIP)"),
        help_text=_("One that was downloaded here, or the files of a folder as a ZIP file."),
    )


class ApplyForm(Form):
    """The pack that was looked at, with the tick that goes over what people entered."""

    held = forms.CharField(max_length=LARGEST_HELD, widget=forms.HiddenInput)
    over = forms.BooleanField(
        label=_("Go over what people entered by hand"),
        required=False,
    )
    reason = words_field(_("Reason"), most=MOST_OF_A_REASON, required=True)


class PackPage(ConsolePage):
    """Where packs are taken away and sent in; sending one in shows what it would change, and changes nothing."""

    allow: ClassVar = {"GET": REGISTRARS, "POST": REGISTRARS}
    title = _("Country pack")
    template = "consoles/setup/pack.html"
    cost = "export"  # a trial of every row: it counts as a file that is made

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"form": PackForm()}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form = PackForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(request, status=400, form=form)
        file = form.cleaned_data["pack"]
        try:
            content = _small(file.read(MOST_BYTES + 1))
            pack = _readable(content)
        except Refused as error:
            return self.page(request, status=form.refuse(error), form=form)
        report = _applied(request, pack, reason=gettext("Looked at"), over=True, is_trial=True)
        apply_form = ApplyForm(initial={"held": b64encode(content).decode()})
        return self.page(request, **shown(pack, report, apply_form), form=PackForm())


class PackApplyPage(PackPage):
    """Apply the pack that was looked at: all of it, or nothing."""

    allow: ClassVar = {"POST": REGISTRARS}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Apply it and lead to the steps; what speaks against it is told on the page, and nothing was done."""
        form = ApplyForm(request.POST)
        try:
            content = _small(b64decode(request.POST.get("held", ""), validate=True))
            pack = _readable(content)
        except (Refused, binascii.Error, ValueError):
            unread = PackForm({})
            unread.add_error("pack", gettext("Choose the file again: this was no pack."))
            return self.page(request, status=422, form=unread)
        if not form.is_valid():
            report = _applied(request, pack, reason=gettext("Looked at"), over=True, is_trial=True)
            return self.page(request, status=400, **shown(pack, report, form), form=PackForm())
        said = form.cleaned_data
        report = _applied(request, pack, reason=said["reason"], over=said["over"], is_trial=False)
        if report.faults or (report.by_hand and not said["over"]):
            return self.page(
                request, status=422, **shown(pack, report, form), form=PackForm(), is_refused=True
            )
        messages.success(request, summary(report))
        return redirect("console-setup")


class PackDownload(ConsolePage):
    """The reader's registers as a pack: of their country, or of all that there is."""

    allow: ClassVar = {"GET": REGISTRARS}
    cost = "export"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reader = reader_of(request)
        name = reader.country or "registers"
        content = write_archive(name, lambda register, entry: is_for(reader, register, entry))
        named = f'attachment; filename="pack-{name.lower()}-{now():%Y-%m-%d}.zip"'
        return HttpResponse(content, content_type="application/zip", headers={"Content-Disposition": named})


def shown(pack: Pack, report: Report, form: ApplyForm) -> dict[str, Any]:
    """Return what a page shows of a pack that was looked at, or that was refused."""
    lists = {
        _("Wrong, so that nothing can be applied"): [str(fault) for fault in report.faults],
        _("Entered otherwise by people: only with the tick below"): report.by_hand,
        _("On record otherwise"): [each for each in report.different if each not in report.by_hand],
        _("Would be entered"): report.entered,
        _("Would be proposed, for a second person"): report.proposed,
        _("Wait for a second person"): report.waiting,
        _("Would end: the pack had it before, and no longer"): report.ended,
        _("No longer in the pack, and stays"): report.left,
    }
    return {
        "pack": pack,
        "summary": summary(report),
        "lists": [(title, rows[:MOST_SHOWN], len(rows)) for title, rows in lists.items() if rows],
        "apply_form": form,
        "may_apply": not report.faults and bool(report.changes),
        "action": reverse("console-pack-apply"),
    }


def _small(content: bytes) -> bytes:
    if len(content) > MOST_BYTES:
        raise PackRefused(_("This file is too large for a page. Have it applied by command."), field="pack")
    return content


def _readable(content: bytes) -> Pack:
    pack = read_archive(content)
    if len(pack.lines) > MOST_ROWS:
        raise PackRefused(
            _("A pack has at most {most} rows here. Have it applied by command.").format(most=MOST_ROWS),
            field="pack",
        )  # fmt: skip
    return pack


def _applied(request: HttpRequest, pack: Pack, *, reason: str, over: bool, is_trial: bool) -> Report:
    reader, act = reader_of(request), Act(caller(request), now(), reason)
    return apply_pack(
        pack,
        act,
        over=over,
        is_trial=is_trial,
        against=lambda register, entry: against(reader, register, entry),
    )
