"""The catalogue of irregularities: each a named comparison in SQL over one operation.

A statement of `job.py` evaluates all of them at once for thousands of carnets. In each `holds` and `facts`:
`o` is the operation, `p` the one before it on the carnet (if any), `c` the carnet, `t` the territory, `seen` the
latest operation of the carnet with any evidence, `%(at)s` the instant of the run. `facts` must not change with the
passing of time, or an open irregularity would look new at every run.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carnets.choices import Severity
from carnets.projection.facts import CLOCK_TOLERANCE, FASTEST_LORRY_KMH

TOLERANCE = f"interval '{CLOCK_TOLERANCE.total_seconds():.0f} seconds'"
LATE_AFTER = "o.time_limit_at + make_interval(hours => t.grace_hours)"
HAS_EVIDENCE = "(o.started_at IS NOT NULL OR o.terminated_at IS NOT NULL)"
IS_WITHDRAWN = "(c.control IN ('invalidated', 'expired'))"  # its reservation was let go on purpose


@dataclass(frozen=True, slots=True)
class Comparison:
    """One way in which the records about an operation fail to agree, on one of its two pages."""

    code: str
    side: str  # "start": voucher No. 1, or "termination": voucher No. 2
    severity: Severity
    bars_discharge: bool
    article: str
    message: "str | Promise"
    holds: str
    facts: str

    @property
    def page(self) -> str:
        return "2 * o.sequence - 1" if self.side == "start" else "2 * o.sequence"


def on_both_pages(
    code: str, severity: Severity, article: str, message: "str | Promise", holds: str, facts: str,
    *, bars_discharge: bool = True,
) -> tuple[Comparison, Comparison]:  # fmt: skip
    """Return the comparison for both pages; `{side}`, `{at}` and `{planned}` stand for the columns of each."""

    def on(side: str, at: str, planned: str) -> Comparison:
        names = {"side": side, "at": at, "planned": planned}
        return Comparison(
            code, side, severity, bars_discharge, article, message,
            holds.format_map(names), facts.format_map(names),
        )  # fmt: skip

    return on("start", "o.started_at", "o.planned_start"), on(
        "termination", "o.terminated_at", "o.planned_end"
    )


def out_of_circulation(code: str, control: str, message: "str | Promise") -> tuple[Comparison, Comparison]:
    """A stamp was made after the carnet had been put on the control list."""
    return on_both_pages(
        code,
        Severity.BLOCK,
        "Annex 10 par. 4",
        message,
        f"c.control = '{control}' AND {{at}} > c.control_at",
        "jsonb_build_object('since', c.control_at, 'at', {at})",
    )


CATALOGUE: tuple[Comparison, ...] = (
    *out_of_circulation("invalidated", "invalidated", _("Stamped after the carnet was invalidated.")),
    *out_of_circulation("lost", "lost", _("Stamped after the carnet was reported lost.")),
    *out_of_circulation("stolen", "stolen", _("Stamped after the carnet was reported stolen.")),
    Comparison(
        "expired_at_accept", "start", Severity.BLOCK, True, "art. 9",
        _("Accepted at departure after the last day for acceptance."),
        "o.sequence = 1 AND o.started_at >= c.acceptance_until + 1",
        "jsonb_build_object('acceptance_until', c.acceptance_until, 'accepted_at', o.started_at)",
    ),
    Comparison(
        "holder_not_authorised", "start", Severity.BLOCK, True, "art. 38",
        _("Accepted for a holder who was excluded from TIR in this country."),
        "c.holder_id IN (SELECT holder_id FROM guarantees_holderexclusion) AND EXISTS ("
        "SELECT FROM guarantees_holderexclusion x WHERE x.holder_id = c.holder_id AND x.country = o.country"
        " AND daterange(x.valid_from, x.valid_to) @> o.started_at::date)",
        "jsonb_build_object('country', o.country, 'accepted_at', o.started_at)",
    ),
    Comparison(
        "approval_expired", "start", Severity.BLOCK, True, "Annex 3",
        _("A vehicle's approval certificate had expired before the transport started."),
        "o.sequence = 1 AND o.started_at >= c.approval_until + 1",
        "jsonb_build_object('approval_until', c.approval_until, 'accepted_at', o.started_at)",
    ),
    Comparison(
        "missing_stamp", "start", Severity.FLAG, True, "art. 1(e)",
        _("Later evidence exists, but the start of this operation was never recorded."),
        "o.started_at IS NULL AND (o.terminated_at IS NOT NULL OR seen.sequence > o.sequence)",
        "jsonb_build_object('planned_office', o.planned_start)",
    ),
    Comparison(
        "missing_stamp", "termination", Severity.FLAG, True, "art. 1(e)",
        _("Later evidence exists, but the termination of this operation was never recorded."),
        "o.terminated_at IS NULL AND seen.sequence > o.sequence",
        "jsonb_build_object('planned_office', o.planned_end)",
    ),
    Comparison(
        "overdue", "termination", Severity.FLAG, True, "art. 20, 11(1)",
        _("Started, and neither terminated nor seen anywhere since the time limit passed."),
        "o.started_at IS NOT NULL AND o.terminated_at IS NULL AND seen.sequence = o.sequence"
        f" AND %(at)s > {LATE_AFTER}",
        "jsonb_build_object('time_limit', o.time_limit_at, 'planned_office', o.planned_end)",
    ),
    Comparison(
        "out_of_order", "start", Severity.FLAG, True, "art. 18",
        _("Started before the operation before it was over."),
        "o.started_at < coalesce(p.terminated_at, p.started_at)",
        "jsonb_build_object('started_at', o.started_at, 'before', coalesce(p.terminated_at, p.started_at))",
    ),
    Comparison(
        "out_of_order", "termination", Severity.FLAG, True, "art. 18",
        _("Terminated before it was started."),
        "o.terminated_at < o.started_at",
        "jsonb_build_object('started_at', o.started_at, 'terminated_at', o.terminated_at)",
    ),
    *on_both_pages(
        "duplicate", Severity.FLAG, "art. 1(e)",
        _("More than one stamp was made on this page."),
        "o.{side}_rivals > 0",
        "jsonb_build_object('rivals', o.{side}_rivals, 'standing', o.{side}_stamp)",
    ),
    *on_both_pages(
        "office_role_not_approved", Severity.FLAG, "art. 45",
        _("Certified by an office that is not approved for this role."),
        "{at} IS NOT NULL AND NOT o.{side}_is_approved",
        "jsonb_build_object('office', o.{side}_office)",
    ),
    *on_both_pages(
        "wrong_office", Severity.INFO, "art. 27",
        _("Certified by another office of the territory than planned."),
        "{at} IS NOT NULL AND o.{side}_office <> {planned}",
        "jsonb_build_object('office', o.{side}_office, 'planned', {planned})",
        bars_discharge=False,
    ),
    Comparison(
        "wrong_country_seq", "start", Severity.FLAG, True, "art. 45",
        _("Entered through an office that does not face the one it left by."),
        "o.start_role = 'entry' AND cardinality(o.start_partners) > 0 AND p.terminated_at IS NOT NULL"
        " AND NOT p.is_suspended AND p.termination_office <> ALL (o.start_partners)",
        "jsonb_build_object('left_at', p.termination_office, 'entered_at', o.start_office)",
    ),
    *on_both_pages(
        "seal_mismatch", Severity.HIGH, "art. 19, 24, 25",
        _("The seals found are not those that were affixed, and no certified report explains it."),
        "o.{side}_seals_found <> o.{side}_seals_expected AND o.{side}_seals_intact IS NOT FALSE",
        "jsonb_build_object('expected', o.{side}_seals_expected, 'found', o.{side}_seals_found)",
    ),
    *on_both_pages(
        "seal_broken_no_pv", Severity.HIGH, "art. 25",
        _("The seals were not intact, and there is no certified report."),
        "o.{side}_seals_intact IS FALSE AND NOT o.{side}_is_reported",
        "jsonb_build_object('expected', o.{side}_seals_expected, 'found', o.{side}_seals_found)",
    ),
    *on_both_pages(
        "vehicle_changed", Severity.HIGH, "art. 25",
        _("The vehicle presented is not the one on the carnet, and no certified report explains it."),
        "{at} IS NOT NULL AND NOT o.{side}_vehicles_agree",
        "jsonb_build_object('plates', c.plates)",
    ),
    *on_both_pages(
        "impossible_speed", Severity.HIGH, "art. 20",
        _("The distance from the last stamp cannot be driven in the time between them."),
        f"o.{{side}}_speed_kmh > {FASTEST_LORRY_KMH}",
        "jsonb_build_object('speed_kmh', o.{side}_speed_kmh)",
        bars_discharge=False,  # a clock or a forger; not among the things that discharge compares
    ),
    *on_both_pages(
        "occurred_in_future", Severity.HIGH, "art. 20",
        _("Stamped at a time that has not come yet: a device's clock is wrong."),
        f"{{at}} > %(at)s + {TOLERANCE}",
        "jsonb_build_object('at', {at})",
        bars_discharge=False,
    ),
    *on_both_pages(
        "occurred_before_issue", Severity.HIGH, "art. 9",
        _("Stamped at a time before the carnet was issued: a device's clock is wrong."),
        f"{{at}} < c.issued_at - {TOLERANCE}",
        "jsonb_build_object('at', {at}, 'issued_at', c.issued_at)",
        bars_discharge=False,
    ),
    Comparison(
        "pkg_short", "termination", Severity.FLAG, True, "art. 28",
        _("Fewer packages were certified at termination than the manifest has."),
        "o.packages < o.packages_expected",
        "jsonb_build_object('packages', o.packages, 'expected', o.packages_expected)",
    ),
    Comparison(
        "pkg_over", "termination", Severity.FLAG, True, "art. 8(5)",
        _("More packages were certified at termination than the manifest has."),
        "o.packages > o.packages_expected",
        "jsonb_build_object('packages', o.packages, 'expected', o.packages_expected)",
    ),
    Comparison(
        "reservation", "termination", Severity.FLAG, True, "art. 28",
        _("Termination was certified with a reservation; customs must decide."),
        "o.reservation <> ''",
        "jsonb_build_object('reservation', o.reservation)",
    ),
    Comparison(
        "late", "termination", Severity.FLAG, True, "art. 20, 39",
        _("Terminated after the time limit and the tolerance for minor delays."),
        f"o.terminated_at > {LATE_AFTER}",
        "jsonb_build_object('time_limit', o.time_limit_at, 'terminated_at', o.terminated_at)",
    ),
    Comparison(
        "suspended_too_long", "start", Severity.FLAG, True, "art. 26",
        _("The transport was suspended and has not resumed in time."),
        # Without a start, but with evidence of this operation or a later one, it has resumed: a stamp is missing.
        "p.is_suspended AND (o.started_at IS NOT NULL OR seen.sequence < o.sequence)"
        " AND coalesce(o.started_at, %(at)s) > guarantees_clock_end("
        "'suspension', p.territory_id, p.terminated_at)",
        "jsonb_build_object('suspended_at', p.terminated_at)",
    ),
    Comparison(
        "guarantee_not_reserved", "start", Severity.HIGH, False, "art. 8",
        _("A discharge was taken back and the guarantee has no room to be charged again."),
        f"NOT c.is_reserved AND NOT {IS_WITHDRAWN} AND o.status <> 'discharged' AND {HAS_EVIDENCE}",
        "jsonb_build_object('amount', c.amount::text, 'currency', c.currency)",
    ),
)  # fmt: skip

BY_CODE: dict[tuple[str, str], Comparison] = {(item.code, item.side): item for item in CATALOGUE}


def about(code: str, page: int) -> Comparison:
    """Return the catalogue's entry for an irregularity on that page."""
    return BY_CODE[code, "start" if page % 2 else "termination"]
