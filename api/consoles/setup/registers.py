"""A register on a page: its entries, entering one, changing or ending one."""

from dataclasses import fields
from itertools import chain
from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.authentication import caller
from api.consoles.base import ConsolePage
from api.consoles.exporting import export
from api.consoles.forms import Form, FormPage
from api.consoles.setup.checklist import next_step
from api.consoles.setup.forms import EntryForm
from api.consoles.setup.shown import as_rows
from api.consoles.setup.words import NEW, TITLES
from api.consoles.tables import page_number
from api.permissions import REGISTRARS
from api.scope.reader import reader_of
from api.scope.registers import ensure_may_enter, ensure_may_give, may_give
from checkpoints.posts.registers import REGISTERS
from tir.kernel.clock import now
from tir.registers.entering import Act, ensure_sound, enter, history
from tir.registers.texts import as_texts

ROWS_A_PAGE = 100


class RegisterPage(ConsolePage):
    """Every entry of one register, each with the way to change it."""

    allow: ClassVar = {"GET": REGISTRARS}
    template = "consoles/setup/register.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the page, or with `?export=csv` the whole register as a file that could be entered again."""
        if request.GET.get("export") != "csv":
            return super().get(request, *args, **kwargs)
        register = REGISTERS[kwargs["register"]]
        names = [field.name for field in fields(register.entry)]
        entries = (register.read(row) for row in register.rows())
        rows = ([_plain(getattr(entry, name), as_texts(entry)[name]) for name in names] for entry in entries)
        return export(chain([names], rows), "csv", kwargs["register"])

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the entries as people read them, and what the next step is."""
        name = kwargs["register"]
        register = REGISTERS[name]
        page = Paginator(register.rows(), ROWS_A_PAGE).get_page(page_number(request))
        columns, rows = as_rows(register, list(page))
        return {
            "title": TITLES[name],
            "new": NEW[name],
            "register": name,
            "columns": columns,
            "rows": rows,
            "page": page,
            "may_enter": may_give(reader_of(request), name),
            "next": next_step(request),
        }


def _plain(found: Any, text: str) -> Any:
    """Return a field as a file has it; a figure stays one, so that a minus is no formula."""
    return found if isinstance(found, float) else text


class EnterPage(FormPage):
    """Enter something in a register; what needs four eyes is proposed."""

    allow: ClassVar = {"GET": REGISTRARS, "POST": REGISTRARS}
    submit = gettext_lazy("Enter")

    def build(self, request: HttpRequest, *given: Any, **options: Any) -> Form:
        resolved: Any = request.resolver_match
        name = resolved.kwargs["register"]
        ensure_may_give(reader_of(request), name)
        return EntryForm(REGISTERS[name], self.old(**resolved.kwargs), *given, **options)

    def old(self, **arguments: Any) -> Any:
        """Return what stands there, for who changes it."""
        return None

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        """Enter it and say what came of it."""
        register, entry = form.register, form.entry()
        reader, act = reader_of(request), Act(caller(request), now(), form.cleaned_data["reason"])
        if (old := self.old(**arguments)) is not None:
            ensure_may_enter(reader, register, old)
        ensure_sound(register, entry, register.on_record(entry), act)  # before whose it is, maybe misspelt
        ensure_may_enter(reader, register, entry)
        done = enter(register, entry, act)
        if done.approval is not None:
            messages.success(request, _("It is proposed. It counts once another person approves it."))
        elif done.version is None:
            messages.info(request, _("Nothing was different: it stands as it was."))
        else:
            messages.success(request, _("It is on record."))
        return self.back(request, **arguments)

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-register", kwargs={"register": arguments["register"]})

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        name = kwargs["register"]
        asks = REGISTERS[name].needs_approval
        return {"title": NEW[name], **({"submit": _("Propose")} if asks else {})}


class ChangePage(EnterPage):
    """Change or end an entry; its natural key stays, and every version is shown with who and why."""

    template = "consoles/setup/change.html"
    submit = gettext_lazy("Change")

    def old(self, **arguments: Any) -> Any:
        register = REGISTERS[arguments["register"]]
        row = register.rows().filter(pk=arguments["row_id"]).first()
        if row is None:
            raise Http404
        return register.read(row)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        ensure_may_enter(reader_of(request), REGISTERS[kwargs["register"]], self.old(**kwargs))
        return super().get(request, *args, **kwargs)

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        register, old = REGISTERS[kwargs["register"]], self.old(**kwargs)
        submit = _("Propose the change") if register.needs_approval else self.submit
        return {"title": register.key_of(old), "versions": history(register, old), "submit": submit}
