"""The tables of liability: parts of a breakdown, stages of art. 11, and the rows behind figures."""

from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from api.consoles import columns, formatting
from api.consoles.carnets.one_carnet import carnet_address
from api.consoles.statuses import badge
from api.consoles.tables import ConsoleTable

FULL, NEARLY = Decimal("0.95"), Decimal("0.80")


class ShareColumn(columns.TextColumn):
    """A part of a ceiling as a bar and in per cent; from 80 and from 95 % it says so by shape and colour as well."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"attrs": columns.FIGURES, **options})

    def render(self, value: Decimal) -> SafeString:
        said = f"{formatting.figure(100 * value, places=1)} %"
        tone = "stop" if value >= FULL else "look" if value >= NEARLY else ""
        return format_html(
            '<progress class="share" max="1" value="{}" aria-hidden="true"></progress> {}',
            f"{value:.4f}",
            badge(said, tone) if tone else said,
        )


class PartsTable(ConsoleTable):
    """One breakdown: `name` is a holder, a guarantee, an association, a territory or a corridor."""

    name = columns.LinkColumn(verbose_name=_("Name"), address=lambda record: record["address"])
    key = columns.TextColumn(verbose_name=_("Code"))
    amount = columns.MoneyColumn(verbose_name=_("Exposure"))
    count = columns.FigureColumn(verbose_name=_("Open"))

    class Meta(ConsoleTable.Meta):
        empty_text = _(
            "Nothing is open here at this moment. Rows appear with the first carnet issued or accepted."
        )


class GuaranteesTable(ConsoleTable):
    """Guarantees with the share of their ceiling that is used."""

    name = columns.LinkColumn(verbose_name=_("Guarantee"), address=lambda record: record["address"])
    amount = columns.MoneyColumn(verbose_name=_("Exposure"))
    ceiling = columns.MoneyColumn(verbose_name=_("Ceiling"))
    share = ShareColumn(verbose_name=_("Used"))
    count = columns.FigureColumn(verbose_name=_("Open carnets"))

    class Meta(ConsoleTable.Meta):
        empty_text = _("No carnet is open under any guarantee at this moment.")


class StagesTable(ConsoleTable):
    """How far art. 11 has come."""

    stage = columns.LinkColumn(verbose_name=_("Stage"), address=lambda record: record["address"])
    open = columns.MoneyColumn(verbose_name=_("Open in the ledger"))
    operations = columns.FigureColumn(verbose_name=_("Operations"))
    claimed = columns.MoneyColumn(verbose_name=_("Claimed"))
    claims = columns.FigureColumn(verbose_name=_("Claims"))

    class Meta(ConsoleTable.Meta):
        orderable = False


class RowsTable(ConsoleTable):
    """Carnets or operations, the longest open first."""

    carnet_number = columns.LinkColumn(
        verbose_name=_("Carnet"), orderable=False, address=lambda record: carnet_address(record.carnet_number)
    )
    page = columns.FigureColumn(verbose_name=_("Page"), orderable=False, empty_values=(None, "", 0))
    holder = columns.TextColumn(accessor="holder__name", verbose_name=_("Holder"), orderable=False)
    holder_id_ = columns.TextColumn(
        accessor="holder__reference", verbose_name=_("Holder ID"), orderable=False
    )
    address = columns.TextColumn(
        accessor="holder__address", verbose_name=_("Address"), orderable=False, visible=False
    )
    country = columns.TextColumn(verbose_name=_("Territory"), orderable=False)
    guarantor = columns.TextColumn(accessor="association__code", verbose_name=_("Guarantor"), orderable=False)
    issuer = columns.TextColumn(accessor="issuer__code", verbose_name=_("Issuer"), orderable=False)
    amount = columns.MoneyColumn(verbose_name=_("Exposure"), orderable=False)
    currency = columns.TextColumn(verbose_name=_("Currency"), orderable=False, visible=False)
    since = columns.MomentColumn(verbose_name=_("Since"))

    class Meta(ConsoleTable.Meta):
        empty_text = _("Nothing is open here at this moment. Clear the filters, or look at another day.")
        order_by = ("since",)


class ClaimedTable(ConsoleTable):
    """Operations that art. 11 has reached."""

    carnet_number = columns.LinkColumn(
        verbose_name=_("Carnet"), address=lambda record: carnet_address(record["carnet_number"])
    )
    page = columns.FigureColumn(verbose_name=_("Page"))
    stage = columns.TextColumn(verbose_name=_("Stage"))
    accepted_at = columns.MomentColumn(verbose_name=_("Accepted"))
    open = columns.MoneyColumn(verbose_name=_("Open in the ledger"))
    claimed = columns.MoneyColumn(verbose_name=_("Claimed"))
    currency = columns.TextColumn(verbose_name=_("Currency"), visible=False)

    class Meta(ConsoleTable.Meta):
        empty_text = _(
            "No claim is at this stage at this moment. Customs open claims when an operation is not discharged."
        )
