"""Who is there, and who has access to what: two tables over the same people."""

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from api.authentication import caller
from api.consoles import columns, formatting
from api.consoles.statuses import badge
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.people import association_code, status_of
from api.permissions import MANAGERS
from api.scope.people import accounts_for, people_for, with_what_is_open, with_what_they_have
from tir.accounts import assigning
from tir.accounts.models import Assignment, Reach, Role, User
from tir.kernel.clock import now
from tir.kernel.dated import covering

STATUSES: Any = {
    "active": (pgettext_lazy("account", "open"), "go"),
    "invited": (_("invited"), "look"),
    "deactivated": (pgettext_lazy("account", "closed"), "stop"),
}


def person_address(person: User) -> str:
    return reverse("console-person", kwargs={"person_id": person.pk})


def account_address(account: Any) -> str:
    """Return the page of a person; of a program, the list of them."""
    return reverse("console-service-accounts") if account.is_program else person_address(account)


def standing_badge(person: User) -> SafeString:
    """Return whether the account is open, invited or closed, as word, shape and tone."""
    word, tone = STATUSES[status_of(person)]
    return badge(str(word), tone)


def lasting(person: User) -> list[Assignment]:
    """Return the person's roles of today and later."""
    today = assigning.day_of(now())
    return [each for each in person.assignments.all() if each.valid_to is None or each.valid_to > today]


def offices_today(person: User) -> list[str]:
    today: date = assigning.day_of(now())
    return [posting.office.code for posting in person.postings.all() if posting.covers(today)]


class PlainColumn(columns.TextColumn):
    """Text worked out from the whole row by the table's own `text_` method; the export has the same words."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"orderable": False, "accessor": "pk", **options})

    def value(self, **cell: Any) -> Any:
        return str(cell["value"])


class PeopleTable(ConsoleTable):
    name = columns.LinkColumn(
        verbose_name=pgettext_lazy("of a person", "Name"),
        address=person_address,
        accessor="get_full_name",
        order_by="name",
    )
    username = columns.TextColumn(verbose_name=_("Signs in as"))
    roles = PlainColumn(verbose_name=_("Roles"))
    place = PlainColumn(verbose_name=_("Place"))
    standing = PlainColumn(verbose_name=_("Account"))
    last_used_at = columns.MomentColumn(verbose_name=_("Last used"))

    class Meta(ConsoleTable.Meta):
        empty_text = _("Nobody matches. Invite the first person by the button above.")
        order_by = ("username",)

    def render_roles(self, record: User) -> str:
        return ", ".join(str(Role(role).label) for role in sorted({each.role for each in lasting(record)}))

    def value_roles(self, record: User) -> str:
        return ", ".join(sorted({each.role for each in lasting(record)}))

    def render_place(self, record: User) -> str:
        return (
            ", ".join(offices_today(record))
            or association_code(record)
            or record.country
            or formatting.NOTHING
        )

    def value_place(self, record: User) -> str:
        return ", ".join(offices_today(record)) or association_code(record) or record.country

    def render_standing(self, record: User) -> SafeString:
        return standing_badge(record)

    def value_standing(self, record: User) -> str:
        return status_of(record)


class AccessTable(PeopleTable):
    """The same people, and programs, with each role's reach, day and giver, and what lets them in now."""

    name = columns.LinkColumn(
        verbose_name=pgettext_lazy("of a person", "Name"),
        address=account_address,
        accessor="get_full_name",
        order_by="name",
    )
    roles = PlainColumn(verbose_name=_("May act as"))
    second_factor = PlainColumn(verbose_name=_("Second factor"))
    open_sessions = columns.FigureColumn(verbose_name=_("Browsers"), orderable=False)
    open_tokens = columns.FigureColumn(verbose_name=_("Tokens"), orderable=False)
    open_phones = columns.FigureColumn(verbose_name=_("Phones"), orderable=False)

    class Meta(PeopleTable.Meta):
        empty_text = _("Nobody has access to what you look after.")
        sequence = ("name", "username", "roles", "place", "standing", "...", "last_used_at")

    def render_second_factor(self, record: Any) -> SafeString:
        if record.has_second_factor:
            return badge(gettext("on"), "go")
        return badge(gettext("program") if record.is_program else gettext("off"), "unknown")

    def value_second_factor(self, record: Any) -> str:
        return "program" if record.is_program else "on" if record.has_second_factor else "off"

    def render_roles(self, record: User) -> SafeString:
        lines = ((line,) for line in access_lines(record))
        return format_html('<ul class="plain">{}</ul>', format_html_join("", "<li>{}</li>", lines))

    def value_roles(self, record: User) -> str:
        return "; ".join(access_lines(record))


def access_lines(person: User) -> list[str]:
    """Return what a person may do, how far, since when and by whose decision, a line each."""
    return [
        gettext("{role}, {reach}, from {day}, given by {by}").format(
            role=Role(each.role).label,
            reach=Reach(each.reach).label,
            day=formatting.day(each.valid_from),
            by=each.given_by.username if each.given_by else gettext("who runs the system"),
        )
        + _gives(each)
        for each in lasting(person)
    ]


def _gives(assignment: Assignment) -> str:
    if not assignment.gives:
        return ""
    roles = ", ".join(str(Role(role).label) for role in assignment.gives)
    return gettext("; may give: {roles}").format(roles=roles)


class PeopleFilter(ConsoleFilter):
    search = django_filters.CharFilter(
        label=pgettext_lazy("of a person", "Name"), method="by_name", max_length=100
    )
    role = django_filters.ChoiceFilter(
        label=_("Role"), choices=Role.choices, method="by_role", empty_label=_("any")
    )
    office = django_filters.CharFilter(label=_("Office"), method="by_office", max_length=8)
    standing = django_filters.ChoiceFilter(
        label=_("Account"),
        choices=[
            ("active", pgettext_lazy("account", "open")),
            ("closed", pgettext_lazy("account", "closed")),
        ],
        method="by_standing",
        empty_label=_("any"),
    )

    def by_name(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return rows.filter(Q(name__icontains=value) | Q(username__icontains=value))

    def by_role(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return rows.filter(roles__contains=[value])

    def by_office(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        today = assigning.day_of(now())
        return rows.filter(covering(today, of="postings") & Q(postings__office__code=value.upper()))

    def by_standing(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return rows.filter(is_active=value == "active")


class PeoplePage(TablePage):
    """The people whom the reader looks after."""

    allow: ClassVar = {"GET": MANAGERS}
    title = _("People")
    menu = _("People")
    template = "consoles/people/people.html"
    table, filterset, file_name = PeopleTable, PeopleFilter, "people"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[User]:
        return with_what_they_have(people_for(caller(request), at=now()))


class AccessPage(PeoplePage):
    """Who has access to what, by whose decision, and when it was last used."""

    title = _("Who has access to what")
    menu = _("Access")
    template = "consoles/table-page.html"
    table, file_name = AccessTable, "access"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[User]:
        at = now()
        return with_what_is_open(with_what_they_have(accounts_for(caller(request), at=at)), at=at)
