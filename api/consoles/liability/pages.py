"""Liability on one page: how much is at risk now, or was on a day, and where; every figure opens to its rows."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api.authentication import caller
from api.consoles import formatting
from api.consoles.base import ConsolePage
from api.consoles.liability import charts
from api.consoles.liability.asking import Subject, associations_of, currencies_shown, subject_asked
from api.consoles.liability.parts import named_parts
from api.consoles.liability.tables import GuaranteesTable, PartsTable, StagesTable
from api.liability_asked import OVER_30
from api.permissions import ASSOCIATIONS, OVERSIGHT
from api.scope.reader import reader_of
from guarantees.liability.choices import Dimension, Side, Stage
from guarantees.liability.figures import Total
from guarantees.queries import Liability as Found
from guarantees.queries import liability

ISSUER, GUARANTOR = "issuer", "guarantor"
NAMELESS = (Dimension.CORRIDOR, Dimension.COUNTRY)  # known by their code alone
Card = dict[str, Any]


class LiabilityPage(ConsolePage):
    """What the association owes as issuer of its holders' carnets, or as guarantor of its territory."""

    allow: ClassVar = {"GET": ASSOCIATIONS | OVERSIGHT}
    title = gettext_lazy("Liability")
    template = "consoles/liability/liability.html"
    menu = gettext_lazy("Liability")

    def context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the figures of one side at the moment asked for, in one currency; each has the address of its
        rows."""
        about = subject_asked(request)
        found = liability(about.view)
        tab = GUARANTOR if request.GET.get("tab") == GUARANTOR else ISSUER
        shown = _as_guarantor(about, found) if tab == GUARANTOR else _as_issuer(about, found)
        return {
            "subject": about,
            "view": about.view,
            "tab": tab,
            "tabs": _tabs(about, tab),
            "associations": associations_of(reader_of(request)),
            "currencies": currencies_shown(about.view),
            "has_deadlines": about.view.moment.is_now
            and not about.code
            and caller(request).has_role(*ASSOCIATIONS),
            **shown,
        }


def _tabs(about: Subject, current: str) -> list[dict[str, Any]]:
    named = (
        (ISSUER, _("As issuer of its holders' carnets")),
        (GUARANTOR, _("As guarantor on its own territory")),
    )
    return [
        {"label": label, "address": about.page(tab=tab), "is_current": tab == current} for tab, label in named
    ]


def _as_issuer(about: Subject, found: Found) -> dict[str, Any]:
    side, sides = Side.UNDER_WAY, found.sides
    territories = named_parts(about, side, Dimension.COUNTRY, sides[side])
    guarantees = named_parts(about, Side.ISSUED, Dimension.GUARANTEE, sides[Side.ISSUED])
    carnets = _carnets(found.issued.count)
    return {
        "cards": [
            _card(about, _("Exposure now"), about.rows(Side.ISSUED), found.issued, carnets),
            _ceilings_used(about, found),
            _over_30(about, side, found),
            _worst(about, side, found),
        ],
        "charts": [
            charts.over_time(about, Side.ISSUED, found.history[Side.ISSUED]),
            charts.ageing(about, side, sides[side]),
            charts.places(
                about,
                side,
                territories,
                _("Operations by territory"),
                lambda key: about.rows(side, country=key),
            ),
        ],
        "stages": _stages(about, side, found),
        "sections": [
            _section(
                about,
                Side.ISSUED,
                Dimension.GUARANTEE,
                _("Guarantees"),
                GuaranteesTable(guarantees, prefix="g-"),
            ),
            *_sections(about, Side.ISSUED, found, (Dimension.HOLDER, Dimension.CORRIDOR)),
        ],
    }


def _ceilings_used(about: Subject, found: Found) -> dict[str, Any]:
    used = found.issued.amount / found.ceiling if found.ceiling else Decimal(0)
    return {
        "label": _("Ceilings used"),
        "value": f"{formatting.figure(100 * used, places=1)} %",
        "address": about.parts(Side.ISSUED, Dimension.GUARANTEE),
        "note": _("of {ceiling}").format(ceiling=formatting.money(found.ceiling, about.view.currency)),
        "tone": "stop" if used >= Decimal("0.95") else "look" if used >= Decimal("0.8") else "",
    }


def _as_guarantor(about: Subject, found: Found) -> dict[str, Any]:
    side = Side.TERRITORY
    figures, claimed = found.sides[side], found.stages[side][Stage.CLAIMED].claimed
    issuers = named_parts(about, side, Dimension.ISSUER, figures)
    return {
        "cards": [
            _card(
                about, _("Exposure now"), about.rows(side), figures.total, _operations(figures.total.count)
            ),
            {
                **_card(about, _("Claimed, not yet paid"), about.claims(side, Stage.CLAIMED), claimed, ""),
                "note": _("Claims: {count}").format(count=formatting.figure(claimed.count)),
                "tone": "stop" if claimed.count else "",
            },
            _over_30(about, side, found),
            _worst(about, side, found),
        ],
        "charts": [
            charts.over_time(about, side, found.history[side]),
            charts.ageing(about, side, figures),
            charts.places(
                about,
                side,
                issuers,
                _("Operations by issuing association"),
                lambda key: about.rows(side, issuer=key),
            ),
        ],
        "stages": _stages(about, side, found),
        "sections": _sections(about, side, found, (Dimension.ISSUER, Dimension.HOLDER, Dimension.CORRIDOR)),
    }


def _card(about: Subject, label: str, address: str, total: Total, note: str) -> Card:
    said = formatting.money(total.amount, about.view.currency)
    return {"label": label, "value": said, "address": address, "note": note, "tone": ""}


def _carnets(count: int) -> str:
    return _("Carnets: {count}").format(count=formatting.figure(count))


def _operations(count: int) -> str:
    return _("Operations: {count}").format(count=formatting.figure(count))


def _over_30(about: Subject, side: Side, found: Found) -> Card:
    over = sum(found.sides[side].ageing[1:], Total())
    card = _card(about, _("Open over 30 days"), about.rows(side, age=OVER_30), over, _operations(over.count))
    return {**card, "tone": "look" if over.count else "go"}


def _worst(about: Subject, side: Side, found: Found) -> Card:
    """See `guarantees.liability.stages.worst_case` for what is meant."""
    worst = Total(found.worst_case(side))
    return _card(
        about, _("Worst case"), about.rows(side), worst, _("if every open operation were claimed in full")
    )


def _stages(about: Subject, side: Side, found: Found) -> StagesTable:
    return StagesTable([
        {
            "stage": stage.label,
            "address": about.rows(side, stage=stage)
            if stage == Stage.CONTINGENT
            else about.claims(side, stage.value),
            "open": at.open.amount,
            "operations": at.open.count,
            "claimed": at.claimed.amount,
            "claims": at.claimed.count,
            "currency": about.view.currency,
        }
        for stage, at in found.stages[side].items()
    ])  # fmt: skip


def _sections(
    about: Subject, side: Side, found: Found, dimensions: Sequence[Dimension]
) -> list[dict[str, Any]]:
    titles = {
        Dimension.HOLDER: _("Holders"),
        Dimension.CORRIDOR: _("Corridors"),
        Dimension.ISSUER: _("Issuing associations"),
    }
    return [
        _section(
            about,
            side,
            dimension,
            titles[dimension],
            PartsTable(named_parts(about, side, dimension, found.sides[side]), prefix=f"{dimension.value}-"),
        )
        for dimension in dimensions
    ]


def _section(about: Subject, side: Side, dimension: Dimension, title: str, table: Any) -> dict[str, Any]:
    table.orderable = False
    if dimension in NAMELESS:
        table.exclude = ("key",)
    return {"title": title, "table": table, "address": about.parts(side, dimension)}
