"""The register of holders, and one holder: what they may, what was decided, and why."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from api.consoles import columns
from api.consoles.base import ConsolePage
from api.consoles.tables import ConsoleFilter, ConsoleTable, TablePage
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT, REGISTRARS
from api.scope.holders import holder_for, holders_for, in_address, sees_business
from api.scope.reader import reader_of
from api.scope.registers import approvals_for
from carnets import quotas
from guarantees import holders
from guarantees.choices import HolderStatus
from guarantees.clocks import Answer
from guarantees.days import day_in
from guarantees.excluding import WANTED
from guarantees.models import Holder, HolderExclusion
from guarantees.states import HOLDER
from tir.accounts.models import Role
from tir.approvals.models import ApprovalStatus
from tir.kernel.clock import now
from tir.kernel.dated import covering

SEES_HOLDERS = ASSOCIATIONS | CUSTOMS_HQ | OVERSIGHT


def holder_address(holder: Holder) -> str:
    return reverse("console-holder", kwargs={"holder_ref": in_address(holder)})


class HoldersTable(ConsoleTable):
    reference = columns.LinkColumn(verbose_name=_("Holder"), address=holder_address)
    name = columns.TextColumn(verbose_name=_("Name"))
    status = columns.StatusColumn(verbose_name=_("Status"))
    excluded = columns.FigureColumn(verbose_name=_("Exclusions in force"), orderable=False)
    quota = columns.FigureColumn(verbose_name=_("Quota"))
    authorised_from = columns.DayColumn(verbose_name=_("Authorised from"))

    class Meta(ConsoleTable.Meta):
        empty_text = _("No holder matches. An association authorises holders here.")
        order_by = ("reference",)


class HoldersFilter(ConsoleFilter):
    name = django_filters.CharFilter(label=_("Name or reference"), method="by_name_or_reference")
    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=HolderStatus.choices, empty_label=_("any")
    )
    country = django_filters.CharFilter(label=_("Country"), lookup_expr="iexact", max_length=2)

    def by_name_or_reference(self, rows: QuerySet[Holder], _name: str, value: str) -> QuerySet[Holder]:
        return rows.filter(
            Q(name__icontains=value) | Q(name_local__icontains=value) | Q(reference__icontains=value)
        )


class HoldersPage(TablePage):
    """Persons authorised to use TIR carnets, as far as the reader manages or looks them up."""

    allow: ClassVar = {"GET": SEES_HOLDERS}
    title = _("Holders")
    menu = _("Holders")
    template = "consoles/holders/holders.html"
    table, filterset, file_name = HoldersTable, HoldersFilter, "holders"

    def rows(self, request: HttpRequest, **arguments: Any) -> QuerySet[Holder]:
        in_force = covering(reader_of(request).day_at(now()), of="exclusions")
        return holders_for(reader_of(request)).annotate(excluded=Count("exclusions", filter=in_force))

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"may_authorise": reader_has(request, Role.ASSOCIATION)}


def reader_has(request: HttpRequest, *roles: str) -> bool:
    user: Any = request.user
    return bool(user.has_role(*roles))


class HolderPage(ConsolePage):
    """A holder's standing, quota, exclusions and history, with what the reader may decide."""

    allow: ClassVar = {"GET": SEES_HOLDERS}
    template = "consoles/holders/holder.html"

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the holder; quota, history and steps only for who manages or oversees them. Raises Http404."""
        holder = holder_for(reader_of(request), kwargs["holder_ref"])
        is_business = sees_business(reader_of(request), holder)
        return {
            "title": f"{holder.reference} · {holder.name}",
            "holder": holder,
            "ref": kwargs["holder_ref"],
            "quota": quotas.quota_of(holder) if is_business else None,
            "outstanding": quotas.outstanding(holder) if is_business else None,
            "open_notifications": quotas.open_notifications(holder) if is_business else None,
            "exclusions": [_exclusion(item, request) for item in holder.exclusions.order_by("-valid_from")],
            "proposed": _proposed(request, holder),
            "events": holder.events.select_related("by").order_by("-id") if is_business else None,
            "steps": self._steps(request, holder),
            "may_set_quota": is_business and reader_has(request, Role.ASSOCIATION),
            "may_exclude": reader_has(request, Role.CUSTOMS_HQ),
            "as_of": now(),
        }

    def _steps(self, request: HttpRequest, holder: Holder) -> list[str]:
        """Return the verbs that the reader may use on the holder as they stand."""
        if not (
            sees_business(reader_of(request), holder)
            and reader_has(request, Role.ASSOCIATION, Role.CUSTOMS_HQ)
        ):
            return []
        return HOLDER.verbs(holder.status)


def _proposed(request: HttpRequest, holder: Holder) -> int:
    """Return how many proposals to exclude the holder, or to lift that, wait for who reads and their colleagues."""
    if not reader_has(request, *REGISTRARS):
        return 0
    waiting = approvals_for(reader_of(request)).filter(status=ApprovalStatus.OPEN, kind__in=WANTED)
    return waiting.filter(subject__startswith=f"{holder.reference}/").count()


def _exclusion(item: HolderExclusion, request: HttpRequest) -> dict[str, Any]:
    today, user = day_in(item.country, now()), request.user
    window = holders.notice_window(item)
    is_over = item.valid_to is not None and item.valid_to <= today
    return {
        "row": item,
        "is_over": is_over,
        "is_late": holders.notice_answer(item) is Answer.LAPSED,
        "notice_until": window.latest if window else None,
        "may_lift": not is_over
        and reader_has(request, Role.CUSTOMS_HQ)
        and getattr(user, "country", "") == item.country,
    }
