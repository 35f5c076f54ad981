"""Liability as JSON: figures with the names of their keys, and the rows behind them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from api.errors import instant
from api.liability_asked import AGES, DIMENSIONS
from api.v1.guarantees.liability.reading import Asked
from guarantees.liability.choices import Dimension, Side, Stage
from guarantees.liability.figures import Breakdown, Figures, Total
from guarantees.liability.history import Point
from guarantees.liability.models import LiabilityPeriod
from guarantees.liability.names import Named, Names
from guarantees.liability.operations import Claimed
from guarantees.liability.stages import AtStage
from guarantees.models import Holder
from guarantees.queries import Liability, association_codes, currencies_of

PLURAL = {
    Dimension.HOLDER: "holders",
    Dimension.GUARANTEE: "guarantees",
    Dimension.ISSUER: "issuers",
    Dimension.COUNTRY: "territories",
    Dimension.CORRIDOR: "corridors",
}


def amount_text(amount: Any) -> str:
    return f"{amount:.2f}"


def _share_text(amount: Decimal, ceiling: Decimal) -> str:
    """Return how much of a ceiling is used, as a decimal fraction: "0.8125"."""
    return f"{amount / ceiling:.4f}" if ceiling else "0.0000"


def present_liability(found: Liability) -> dict[str, Any]:
    """Return liability at a moment: amounts in one currency with two decimals, shares as decimal fractions."""
    association, sides = found.view.association, found.sides
    names = Names(sides.values(), found.view.day)
    return {
        "association": association.code,
        "as_of": instant(found.view.moment.at),
        "currency": found.view.currency,
        "currencies": sorted({found.view.currency, *currencies_of(association)}),
        "issued": {
            "exposure": amount_text(found.issued.amount),
            "open_carnets": found.issued.count,
            "ceiling": amount_text(found.ceiling),
            "available": amount_text(found.ceiling - found.issued.amount),
            "share": _share_text(found.issued.amount, found.ceiling),
        },
        "under_way": _operations(sides[Side.UNDER_WAY].total),
        "territory": _operations(sides[Side.TERRITORY].total),
        "ageing": _ageing(sides[Side.TERRITORY]),
        "claims": {
            name: {"amount": amount_text(total.amount), "count": total.count}
            for name, total in found.claims.items()
        },
        "by": {side.value: _breakdowns(side, figures, names) for side, figures in sides.items()},
        "stages": {side.value: _stages(stages) for side, stages in found.stages.items()},
        "worst_case": {side.value: amount_text(found.worst_case(side)) for side in found.stages},
        "history": {
            side.value: [_point(point) for point in points] for side, points in found.history.items()
        },
    }


def _operations(total: Total) -> dict[str, Any]:
    return {"exposure": amount_text(total.amount), "open_operations": total.count}


def _ageing(figures: Figures) -> list[dict[str, Any]]:
    return [
        {
            "age": age,
            "from_days": low,
            "to_days": high,
            "amount": amount_text(figures.ageing[index].amount),
            "operations": figures.ageing[index].count,
        }
        for index, (age, (low, high)) in enumerate(AGES.items())
    ]


def _point(point: Point) -> dict[str, Any]:
    return {
        "on": str(point.on),
        "amount": amount_text(point.total.amount),
        "count": point.total.count,
        "ceiling": amount_text(point.ceiling),
    }


def _stages(stages: Mapping[Stage, AtStage]) -> dict[str, Any]:
    return {
        stage.value: {
            "exposure": amount_text(at.open.amount),
            "operations": at.open.count,
            "claimed": amount_text(at.claimed.amount),
            "claims": at.claimed.count,
        }
        for stage, at in stages.items()
    }


def _breakdowns(side: Side, figures: Figures, names: Names) -> dict[str, Any]:
    by: dict[str, Any] = {
        PLURAL[dimension]: _breakdown(dimension, figures.by.get(dimension, Breakdown()), names)
        for dimension in DIMENSIONS[side]
    }
    return {**by, "ageing": _ageing(figures)}


def _part(named: Named, total: Total) -> dict[str, Any]:
    row = {"key": named.key, "name": named.name, "amount": amount_text(total.amount), "count": total.count}
    if named.ceiling is None:
        return row
    return row | {"ceiling": amount_text(named.ceiling), "share": _share_text(total.amount, named.ceiling)}


def _breakdown(dimension: Dimension, found: Breakdown, names: Names) -> dict[str, Any]:
    return {
        "parts": [_part(names.of(dimension, part.key), part.total) for part in found.parts],
        "rest": {
            "amount": amount_text(found.rest.amount),
            "count": found.rest.count,
            "keys": found.rest_keys,
        },
    }


def present_period(period: LiabilityPeriod, asked: Asked, claim: Claimed | None) -> dict[str, Any]:
    """Return one row. A guarantor reads of a foreign holder's carnet what art. 8 and 11 need and no more."""
    is_own = period.issuer_id == asked.view.association.pk
    holder = period.holder
    return {
        "carnet": period.carnet_number,
        "page": period.page or None,
        "territory": period.country,
        "issuer": period.issuer.code,
        "guarantor": period.association.code if period.page else None,
        "holder": holder and {"id": holder.reference, "name": holder.name, "address": holder.address},
        "guarantee": period.guarantee.reference if is_own else None,
        "corridor": period.corridor if is_own else None,
        "amount": amount_text(period.amount),
        "currency": period.currency,
        "since": instant(period.since),
        "age_days": (asked.view.moment.day - period.since.date()).days,
        "stage": claim.stage if claim else Stage.CONTINGENT,
        "claim": claim.claim_id if claim else None,
        "claimed": amount_text(claim.claimed if claim else 0),
    }


def present_claimed(claim: Any, found: Claimed, asked: Asked, holder: Holder | None) -> dict[str, Any]:
    """Return one row of a list by stage: a claim, with what the ledger still has open of its operation."""
    codes = association_codes()
    return {
        "carnet": found.carnet_number,
        "page": found.page,
        "territory": claim.country,
        "issuer": codes[claim.issuer_id],
        "guarantor": codes[claim.association_id],
        "holder": holder and {"id": holder.reference, "name": holder.name, "address": holder.address},
        "guarantee": None,
        "corridor": None,
        "amount": amount_text(found.open),
        "currency": claim.currency or asked.view.currency,
        "since": instant(found.accepted_at),
        "age_days": (asked.view.moment.day - found.accepted_at.date()).days,
        "stage": found.stage,
        "claim": found.claim_id,
        "claimed": amount_text(found.claimed),
    }
