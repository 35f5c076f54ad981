"""Points-based risk: dated weights, pure scoring, and a share of random picks that nobody outside can foresee.

Points never decide about a carnet; they suggest a lane. The officer may choose another one; what was scored stays with
the scan, so that hits and misses can be compared later.

Goods under TIR are as a general rule not examined en route (art. 5): there a pick by lot asks for a look at the seals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from checkpoints.choices import Lane
from checkpoints.models import RiskProfile
from tir.kernel.kept import kept_for

CLEAN_ENOUGH = 50  # carnets discharged in a year without a flag
FEW_CARNETS = 5
SENSITIVE_HEADINGS = ("24", "22", "85", "61", "62")

REASONS = {
    "holder_has_flags": _("the holder has open irregularities"),
    "holder_overdue": _("the holder has an overdue operation"),
    "past_reservation": _("a reservation on the holder's carnets in twelve months"),
    "past_claim": _("an unpaid claim on the holder's carnets"),
    "lost_carnets": _("the holder reported carnets lost or stolen"),
    "new_holder": _("the holder has used few carnets"),
    "sensitive_goods": _("sensitive goods"),
    "this_carnet_flagged": _("this carnet has open irregularities"),
    "clean_record": _("a long clean record"),
    "random": _("picked at random"),
}
DEFAULT_POINTS = {
    "holder_has_flags": 10,
    "holder_overdue": 20,
    "past_reservation": 15,
    "past_claim": 25,
    "lost_carnets": 15,
    "new_holder": 10,
    "sensitive_goods": 15,
    "this_carnet_flagged": 30,
    "clean_record": -10,
}


@dataclass(frozen=True, slots=True)
class Indicators:
    """What is on record, by the names that a profile gives points to."""

    holder_has_flags: bool = False
    holder_overdue: bool = False
    past_reservation: bool = False
    past_claim: bool = False
    lost_carnets: bool = False
    new_holder: bool = False
    sensitive_goods: bool = False
    this_carnet_flagged: bool = False
    clean_record: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """One profile as scoring uses it."""

    points: Mapping[str, int]
    yellow_from: int = 31
    red_from: int = 71
    random_percent: int = 3


@dataclass(frozen=True, slots=True)
class Assessment:
    lane: Lane
    points: int
    reasons: tuple[str, ...]


def assess(indicators: Indicators, weights: Weights, *, lot: str, is_en_route: bool) -> Assessment:
    """Return lane, points (0 to 100) and reasons. `lot` is what is drawn for: the same scan draws the same."""
    given = [f.name for f in fields(indicators) if getattr(indicators, f.name)]
    points = min(max(sum(weights.points.get(name, 0) for name in given), 0), 100)
    reasons = tuple(name for name in given if weights.points.get(name))
    earned = _lane_of(points, weights)
    if earned is not Lane.RED and draw(lot) < weights.random_percent:
        return Assessment(Lane.YELLOW if is_en_route else Lane.RED, points, (*reasons, "random"))
    return Assessment(earned, points, reasons)


def _lane_of(points: int, weights: Weights) -> Lane:
    if points >= weights.red_from:
        return Lane.RED
    return Lane.YELLOW if points >= weights.yellow_from else Lane.GREEN


def lot_of(number: str, office: str, day: date) -> str:
    """Return what is drawn for: a second scan of the day at the same office draws no second time."""
    return f"{number}/{office}/{day}"


def draw(lot: str) -> int:
    """Return a number from 0 to 99, picked when it is below the profile's share. Without this installation's secret
    it cannot be foretold; with it, it can be shown afterwards to have been no choice: `manage.py explain_draw`."""
    digest = salted_hmac(
        "checkpoints.risk.draw", lot, secret=settings.TIR_DRAW_SECRET, algorithm="sha256"
    ).digest()
    return int.from_bytes(digest[:8], "big") % 100


def weights_on(day: date) -> Weights:
    """Return the profile in force on that day, the youngest of several; the built-in weights when none is."""
    for profile in _profiles():
        if profile.valid_from <= day and (profile.valid_to is None or day < profile.valid_to):
            return Weights(profile.points, profile.yellow_from, profile.red_from, profile.random_percent)
    return Weights(DEFAULT_POINTS)


@kept_for(seconds=60)
def _profiles() -> list[RiskProfile]:
    return list(RiskProfile.objects.order_by("-valid_from"))


INDICATORS = """
    SELECT EXISTS (SELECT FROM carnets_irregularity i JOIN carnets_carnet k ON k.id = i.carnet_id
                    WHERE k.holder_id = c.holder_id AND k.id <> c.id AND i.status = 'open' AND i.bars_discharge)
               AS holder_has_flags,
           EXISTS (SELECT FROM carnets_irregularity i JOIN carnets_carnet k ON k.id = i.carnet_id
                    WHERE k.holder_id = c.holder_id AND i.status = 'open' AND i.code = 'overdue')
               AS holder_overdue,
           EXISTS (SELECT FROM carnets_irregularity i JOIN carnets_carnet k ON k.id = i.carnet_id
                    WHERE k.holder_id = c.holder_id AND i.code = 'reservation' AND i.opened_at > %(year_ago)s)
               AS past_reservation,
           EXISTS (SELECT FROM guarantees_claim l JOIN carnets_carnet k ON k.number = l.carnet_number
                    WHERE k.holder_id = c.holder_id AND l.status IN ('notified', 'claimed'))
               AS past_claim,
           EXISTS (SELECT FROM carnets_carnet k
                    WHERE k.holder_id = c.holder_id AND k.control IN ('lost', 'stolen') AND k.id <> c.id)
               AS lost_carnets,
           (SELECT count(*) FROM (SELECT FROM carnets_carnet k WHERE k.holder_id = c.holder_id LIMIT %(few)s) few)
               < %(few)s AS new_holder,
           EXISTS (SELECT FROM carnets_goodsitem g
                    WHERE g.carnet_id = c.id AND left(g.hs_code, 2) = ANY (%(sensitive)s))
               AS sensitive_goods,
           EXISTS (SELECT FROM carnets_irregularity i
                    WHERE i.carnet_id = c.id AND i.status = 'open' AND i.bars_discharge)
               AS this_carnet_flagged,
           (SELECT count(*) FROM (SELECT FROM carnets_carnet k WHERE k.holder_id = c.holder_id
                AND k.status = 'discharged' AND k.issued_at > %(year_ago)s
                AND NOT EXISTS (SELECT FROM carnets_irregularity i WHERE i.carnet_id = k.id AND i.bars_discharge)
                LIMIT %(clean)s) clean) >= %(clean)s AS clean_record
      FROM carnets_carnet c WHERE c.id = %(carnet)s
"""


def indicators_of(carnet_id: int, *, at: datetime) -> Indicators:
    """Return what is on record about the carnet and its holder, in one statement."""
    facts: dict[str, Any] = {
        "carnet": carnet_id,
        "year_ago": at - timedelta(days=365),
        "few": FEW_CARNETS,
        "clean": CLEAN_ENOUGH,
        "sensitive": list(SENSITIVE_HEADINGS),
    }
    with connection.cursor() as cursor:
        cursor.execute(INDICATORS, facts)
        names = [column.name for column in cursor.description]
        return Indicators(**dict(zip(names, cursor.fetchone(), strict=True)))
