"""Service accounts on pages: listed, opened, restricted, rotated, ended. A secret is shown once."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles import columns, formatting
from api.consoles.base import ConsolePage
from api.consoles.forms import Form, FormPage, ReasonForm, reason_field, words_field
from api.consoles.statuses import badge
from api.consoles.tables import ConsoleTable, TablePage
from api.people import association_code
from api.permissions import OF_PROGRAMS
from api.scope.services import service_account_for, service_accounts_for
from checkpoints.staff.programs import ROLES, NewProgram, offered_roles, open_program
from guarantees.models import Association
from tir.accounts.models import Role, User
from tir.kernel.clock import now
from tir.kernel.errors import DomainError
from tir.signin import services
from tir.signin.models import ServiceAccount

BOTH = {"GET": OF_PROGRAMS, "POST": OF_PROGRAMS}
MOST_OF_A_REASON = 200  # characters
MOST_NETWORKS = 50
OVERLAPS = ((0, _("at once")), (24, _("a day")), (7 * 24, _("a week")), (30 * 24, _("30 days")))


BY_LINE = {f"networks.{place}": "networks" for place in range(MOST_NETWORKS)}  # the API names the line


def account_address(account: ServiceAccount) -> str:
    arguments = {"client_id": account.application.client_id}
    return reverse("console-service-account", kwargs=arguments)


def standing(account: ServiceAccount) -> SafeString:
    if account.ended_at:
        return badge(pgettext("account", "ended"), "stop")
    return badge(pgettext("account", "open"), "go")


def acts_for(user: User) -> str:
    """Return for whom a program acts: the code of an association, or a country."""
    return association_code(user) or user.country


class ServiceAccountsTable(ConsoleTable):
    purpose = columns.LinkColumn(verbose_name=_("Purpose"), address=account_address)
    name = columns.TextColumn(verbose_name=_("Name"), accessor="user__username")
    roles = columns.TextColumn(verbose_name=_("Roles"), accessor="user__roles", orderable=False)
    acts_for = columns.TextColumn(verbose_name=_("Acts for"), accessor="user", orderable=False)
    networks = columns.TextColumn(verbose_name=_("Comes from"), orderable=False, empty_values=())
    used_at = columns.MomentColumn(verbose_name=_("Last used"))
    standing = columns.TextColumn(verbose_name=_("Account"), accessor="pk", orderable=False)

    class Meta(ConsoleTable.Meta):
        empty_text = _("No program has an account here. Open the first by the button above.")
        order_by = ("name",)

    def render_roles(self, value: list[str]) -> str:
        return ", ".join(str(Role(role).label) for role in value)

    def value_roles(self, value: list[str]) -> str:
        return ", ".join(value)

    def render_acts_for(self, value: User) -> str:
        return acts_for(value) or formatting.NOTHING

    def value_acts_for(self, value: User) -> str:
        return acts_for(value)

    def render_networks(self, value: list[str]) -> str:
        return ", ".join(value) or gettext("anywhere")

    def value_networks(self, value: list[str]) -> str:
        return ", ".join(value)

    def render_standing(self, record: ServiceAccount) -> SafeString:
        return standing(record)

    def value_standing(self, record: ServiceAccount) -> str:
        return "ended" if record.ended_at else "open"


class ServiceAccountsPage(TablePage):
    """The programs of the reader's association or administration, or of an administrator's places."""

    allow: ClassVar = {"GET": OF_PROGRAMS}
    title = _("Service accounts")
    menu = _("Programs")
    template = "consoles/service_accounts/list.html"
    table, file_name = ServiceAccountsTable, "service-accounts"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[ServiceAccount]:
        found = service_accounts_for(caller(request), at=now())
        return found.annotate(used_at=Max("secrets__last_used_at"))


class ServiceAccountPage(ConsolePage):
    """One program: whose it is, its secrets by age and use, and what can be done about it."""

    allow: ClassVar = {"GET": OF_PROGRAMS}
    template = "consoles/service_accounts/one.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        at = now()
        account = service_account_for(caller(request), kwargs["client_id"], at=at)
        return {
            "title": account.purpose,
            "account": account,
            "standing": standing(account),
            "acts_for": acts_for(account.user),
            "roles": [Role(role).label for role in account.user.roles],
            "secrets": [
                {"row": row, "is_over": row.ends_at is not None and row.ends_at <= at}
                for row in account.secrets.order_by("-pk")
            ],
            "endpoint": request.build_absolute_uri(reverse("oauth-token")),
        }


def _networks_field() -> forms.CharField:
    return words_field(
        _("Networks it may come from"),
        most=2500,
        help_text=_("One a line, as in 192.0.2.0/24 or 2001:db8::/32. Empty: from anywhere."),
    )


class WithNetworks(Form):
    """A form with networks, one a line."""

    def clean_networks(self) -> list[str]:
        networks: list[str] = self.cleaned_data["networks"].split()
        if len(networks) > MOST_NETWORKS:
            raise forms.ValidationError(_("At most 50 networks. Write wider ones."))
        return networks


class ProgramForm(WithNetworks):
    """Which roles, and whether it may be for others, depends on who opens it."""

    name = forms.RegexField(
        r"^[A-Za-z0-9._@+-]{3,150}$",
        label=_("Name"),
        help_text=_("Letters, digits and . _ @ + -; it is never given to anybody else."),
        error_messages={"invalid": _("Use letters, digits and . _ @ + - alone.")},
    )
    purpose = forms.CharField(label=_("Purpose"), max_length=200)

    def __init__(self, *given: Any, by: User, **options: Any) -> None:
        super().__init__(*given, **options)
        offered = offered_roles(by, at=now())
        for role in ROLES:
            if role in offered.roles:
                self.fields[f"role_{role}"] = forms.BooleanField(label=role.label, required=False)
        if offered.is_for_others:
            self.fields["country"] = forms.RegexField(
                r"^[A-Z]{2}$",
                label=_("Country"),
                required=False,
                help_text=_("Two capital letters, as in KZ, for whoever acts for a country's customs."),
                error_messages={"invalid": _("Two capital letters, as in KZ.")},
            )
            self.fields["association"] = forms.ChoiceField(
                label=_("Association"),
                required=False,
                choices=[("", "–"), *Association.objects.order_by("code").values_list("code", "name")],
            )
        self.fields["networks"] = _networks_field()

    @property
    def role_boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("role_")]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        said["roles"] = [role.value for role in ROLES if said.get(f"role_{role}")]
        if not self.errors and not said["roles"]:
            self.add_error(None, _("Choose at least one role."))
        return said


class ShowsSecret(FormPage):
    """A form whose success is a page with a secret, shown once."""

    allow: ClassVar = BOTH

    def made(self, request: HttpRequest, form: Any, **arguments: Any) -> tuple[ServiceAccount, str]:
        """Make the domain call and return the account with its new secret."""
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        form: Any = self.build(request, request.POST)
        if not form.is_valid():
            return self._show(request, form, 400, kwargs)
        try:
            account, secret = self.made(request, form, **kwargs)
        except DomainError as error:
            return self._show(request, form, form.refuse(error, self.fields), kwargs)
        self.template = "consoles/service_accounts/secret.html"  # type: ignore[misc]
        endpoint = request.build_absolute_uri(reverse("oauth-token"))
        return self.page(request, title=_("A new secret"), account=account, secret=secret, endpoint=endpoint)


class OpenPage(ShowsSecret):
    title, submit = _("Open a service account"), _("Open it")
    template = "consoles/service_accounts/open.html"
    fields: ClassVar = BY_LINE
    says = _(
        "A program signs in by itself, never with a person's password. Its secret stands on the next page, once."
    )

    def build(self, request: HttpRequest, *given: Any, **options: Any) -> Form:
        return ProgramForm(*given[:1], by=caller(request), **options)

    def made(self, request: HttpRequest, form: Any, **arguments: Any) -> tuple[ServiceAccount, str]:
        said = form.cleaned_data
        new = NewProgram(
            said["name"],
            said["purpose"],
            said["roles"],
            said["networks"],
            said.get("country", ""),
            said.get("association", ""),
        )
        return open_program(new=new, by=caller(request), at=now())

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-service-accounts")


class AboutOne(FormPage):
    """A form about one service account, which leads back to its page."""

    allow: ClassVar = BOTH

    def account(self, request: HttpRequest, arguments: Any) -> ServiceAccount:
        return service_account_for(caller(request), arguments["client_id"], at=now())

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        account = self.account(request, kwargs)
        return {"says": format_html("{} · {}<br>{}", account.purpose, account.user.username, self.says)}

    def back(self, request: HttpRequest, **arguments: Any) -> str:
        return reverse("console-service-account", kwargs=arguments)


class OverlapForm(Form):
    overlap = forms.TypedChoiceField(
        label=_("The secrets before it end"), choices=OVERLAPS, coerce=int, initial=24
    )


class RotatePage(AboutOne, ShowsSecret):
    title, form, submit = _("Make a new secret"), OverlapForm, _("Make it")
    says = _("The program is given the new secret before the old one ends.")

    def made(self, request: HttpRequest, form: Any, **arguments: Any) -> tuple[ServiceAccount, str]:
        account, overlap = self.account(request, arguments), timedelta(hours=form.cleaned_data["overlap"])
        return account, services.rotate(account=account, overlap=overlap, by=caller(request), at=now())


class NetworksForm(WithNetworks):
    networks = _networks_field()


class RestrictPage(AboutOne):
    title, form, submit = _("Where it may come from"), NetworksForm, _("Save")
    done = _("Saved.")
    fields: ClassVar = BY_LINE

    def initial(self, request: HttpRequest, **arguments: Any) -> dict[str, Any]:
        return {"networks": "\n".join(self.account(request, arguments).networks)}

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        networks = form.cleaned_data["networks"]
        services.restrict(account=self.account(request, arguments), networks=networks)
        return self.back(request, **arguments)


class EndForm(ReasonForm):
    reason = reason_field(most=MOST_OF_A_REASON)


class EndPage(AboutOne):
    title, form, submit, tone = _("End the service account"), EndForm, _("End it"), "danger"
    says, done = (
        _("Its secrets and tokens open nothing any more, at once and for good."),
        _("The account is ended."),
    )

    def act(self, request: HttpRequest, form: Any, **arguments: Any) -> str:
        account, reason = self.account(request, arguments), form.cleaned_data["reason"]
        services.end_account(account=account, reason=reason, by=caller(request), at=now())
        return self.back(request, **arguments)
