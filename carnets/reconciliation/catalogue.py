"""The catalogue of irregularities: each a named comparison in SQL over one operation.

A statement of `job.py` evaluates all of them at once for thousands of carnets. In each `holds` and `facts`:
`o` is the operation, `p` the one before it on the carnet that has evidence (if any), `n` the next that has, `c` the
carnet, `t` the territory, `seen` the latest operation of the carnet with any evidence, `%(at)s` the instant of the run.
`facts` must not change with the passing of time, or an open irregularity would look new at every run.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carnets.choices import Severity
from carnets.projection.walk import CLOCK_TOLERANCE, FASTEST_LORRY_KMH
from carnets.vouchers import is_start

TOLERANCE = f"interval '{CLOCK_TOLERANCE.total_seconds():.0f} seconds'"
LATE_AFTER = "o.time_limit_at + make_interval(hours => t.grace_hours)"
HAS_EVIDENCE = "(o.started_at IS NOT NULL OR o.terminated_at IS NOT NULL)"
IS_WITHDRAWN = "(c.control IN ('invalidated', 'expired'))"  # its reservation was let go on purpose
ALWAYS, NEVER = "true", "false"
# These bar for being grave alone: where a dated rule calls one less, the machine may discharge.
GRAVE_ALONE = frozenset({"impossible_speed", "occurred_in_future", "occurred_before_issue"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One way in which the records about an operation fail to agree, on one of its two pages.

    `bars` is a condition in SQL: whether a person must look before the operation is discharged. A gap between the
    No. 2 of one operation and the No. 1 of the next is found at the next and flags the one before alone (`of_before`).
    """

    code: str
    side: str  # "start": voucher No. 1, or "termination": voucher No. 2
    severity: Severity
    bars: str
    article: str
    message: "str | Promise"
    holds: str
    facts: str
    of_before: bool = False

    @property
    def page(self) -> str:
        return "2 * o.sequence - 1" if self.side == "start" else "2 * o.sequence"

    @property
    def operation(self) -> str:
        return "coalesce(p.id, o.id)" if self.of_before else "o.id"

    @property
    def bars_discharge(self) -> bool:
        """Whether it can bar a discharge at all."""
        return self.bars != NEVER


def on_both_pages(
    code: str, severity: Severity, article: str, message: "str | Promise", holds: str, facts: str,
    *, bars: str = ALWAYS, is_gap: bool = False,
) -> tuple[Comparison, Comparison]:  # fmt: skip
    """Return the comparison for both pages; `{side}`, `{at}` and `{planned}` stand for the columns of each."""

    def on(side: str, at: str, planned: str) -> Comparison:
        names = {"side": side, "at": at, "planned": planned}
        return Comparison(
            code, side, severity, bars.format_map(names), article, message,
            holds.format_map(names), facts.format_map(names), is_gap and side == "start",
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
        "expired_at_accept", "start", Severity.BLOCK, ALWAYS, "art. 9",
        _("Accepted at departure after the last day for acceptance."),
        "o.sequence = 1 AND o.started_on > c.acceptance_until",
        "jsonb_build_object('acceptance_until', c.acceptance_until, 'accepted_on', o.started_on)",
    ),
    Comparison(
        "holder_excluded", "start", Severity.BLOCK, ALWAYS, "art. 38",
        _("Accepted for a holder who was excluded from TIR in this country."),
        "c.holder_id IN (SELECT holder_id FROM guarantees_holderexclusion)"
        " AND guarantees_excluded(c.holder_id, o.country, o.started_on)",
        "jsonb_build_object('country', o.country, 'accepted_on', o.started_on)",
    ),
    Comparison(
        "approval_expired", "start", Severity.BLOCK, ALWAYS, "Annex 3",
        _("A vehicle's approval certificate had expired before the transport started."),
        "o.sequence = 1 AND o.started_on > c.approval_until",
        "jsonb_build_object('approval_until', c.approval_until, 'accepted_on', o.started_on)",
    ),
    Comparison(
        "no_guarantor", "start", Severity.BLOCK, ALWAYS, "art. 8, 17",
        _("Started where no association guaranteed TIR transports on that day."),
        "o.started_at IS NOT NULL AND o.guarantor_id IS NULL AND o.liability = 'none' AND c.source = 'issued'",
        "jsonb_build_object('country', o.country, 'accepted_on', o.started_on)",
    ),
    Comparison(
        "missing_stamp", "start", Severity.FLAG, ALWAYS, "art. 1(e)",
        _("Later evidence exists, but the start of this operation was never recorded."),
        "o.started_at IS NULL AND (o.terminated_at IS NOT NULL OR o.is_gap)",
        "jsonb_build_object('planned_office', o.planned_start)",
    ),
    Comparison(
        "missing_stamp", "termination", Severity.FLAG, ALWAYS, "art. 1(e)",
        _("Later evidence exists, but the termination of this operation was never recorded."),
        "o.terminated_at IS NULL AND (o.is_gap OR (o.started_at IS NOT NULL AND seen.sequence > o.sequence))",
        "jsonb_build_object('planned_office', o.planned_end)",
    ),
    Comparison(
        "overdue", "termination", Severity.FLAG, ALWAYS, "art. 20, 11(1)",
        _("Started, and neither terminated nor seen anywhere since the time limit passed."),
        "o.started_at IS NOT NULL AND o.terminated_at IS NULL AND seen.sequence = o.sequence"
        f" AND %(at)s > {LATE_AFTER}",
        "jsonb_build_object('time_limit', o.time_limit_at, 'planned_office', o.planned_end)",
    ),
    Comparison(
        "out_of_order", "start", Severity.FLAG, ALWAYS, "art. 18",
        _("Started before the operation before it was over."),
        "o.started_at < coalesce(p.terminated_at, p.started_at)",
        "jsonb_build_object('started_at', o.started_at, 'before', coalesce(p.terminated_at, p.started_at))",
    ),
    Comparison(
        "out_of_order", "termination", Severity.FLAG, ALWAYS, "art. 18",
        _("Terminated before it was started."),
        "o.terminated_at < o.started_at",
        "jsonb_build_object('started_at', o.started_at, 'terminated_at', o.terminated_at)",
    ),
    Comparison(
        "load_after_unload", "start", Severity.FLAG, ALWAYS, "art. 18",
        _("Goods were loaded after part of the goods had been unloaded."),
        "o.is_after_unload",
        "jsonb_build_object('office', o.start_office)",
    ),
    *on_both_pages(
        "duplicate", Severity.FLAG, "art. 1(e)",
        _("More than one stamp was made on this page."),
        "o.{side}_rivals > 0",
        "jsonb_build_object('rivals', o.{side}_rivals, 'standing', o.{side}_stamp)",
    ),
    *on_both_pages(
        "office_not_approved", Severity.FLAG, "art. 45",
        _("Certified by an office that was not approved for TIR on that day."),
        "{at} IS NOT NULL AND NOT o.{side}_is_approved",
        "jsonb_build_object('office', o.{side}_office)",
    ),
    *on_both_pages(
        "office_role_not_approved", Severity.INFO, "art. 45",
        _("Certified by an office that is not approved for this role."),
        "{at} IS NOT NULL AND NOT o.{side}_has_role",
        "jsonb_build_object('office', o.{side}_office)",
        bars=NEVER,
    ),
    *on_both_pages(
        "wrong_office", Severity.INFO, "art. 27",
        _("Certified by another office of the territory than planned."),
        "{at} IS NOT NULL AND NOT o.{side}_is_planned_office AND NOT o.{side}_is_unplanned",
        "jsonb_build_object('office', o.{side}_office, 'planned', {planned})",
        bars=NEVER,
    ),
    *on_both_pages(
        "not_planned", Severity.INFO, "art. 1(b), 39",
        _("Certified where the plan has another territory or nothing: the transport took another road."),
        "o.{side}_is_unplanned",
        "jsonb_build_object('office', o.{side}_office, 'planned', {planned})",
        bars="o.{side}_is_unconfirmed",
    ),
    Comparison(
        "wrong_country_seq", "start", Severity.INFO, NEVER, "art. 45",
        _("Entered through an office that does not face the one it left by."),
        "o.start_role = 'entry' AND cardinality(o.start_partners) > 0 AND p.terminated_at IS NOT NULL"
        " AND p.sequence = o.sequence - 1 AND NOT p.is_suspended AND p.termination_office <> ''"
        " AND p.termination_office <> ALL (o.start_partners)",
        "jsonb_build_object('left_at', p.termination_office, 'entered_at', o.start_office)",
    ),
    *on_both_pages(
        "seal_mismatch", Severity.HIGH, "art. 19, 24, 25",
        _("The seals found are not those that were affixed, and no certified report explains it."),
        "o.{side}_seals_agree IS FALSE AND o.{side}_seals_intact IS NOT FALSE",
        "jsonb_build_object('expected', o.{side}_seals_expected, 'found', o.{side}_seals_found)",
        is_gap=True,
    ),
    *on_both_pages(
        "seal_broken_no_pv", Severity.HIGH, "art. 25",
        _("The seals were not intact, and there is no certified report."),
        "o.{side}_seals_intact IS FALSE AND NOT o.{side}_is_reported",
        "jsonb_build_object('expected', o.{side}_seals_expected, 'found', o.{side}_seals_found)",
        is_gap=True,
    ),
    Comparison(
        "seals_unknown", "start", Severity.FLAG, ALWAYS, "art. 19, box 16",
        _("Goods under seal started without a seal on record."),
        "o.are_seals_unknown",
        "jsonb_build_object('office', o.start_office)",
    ),
    Comparison(
        "seals_not_checked", "termination", Severity.FLAG, ALWAYS, "art. 1(e), box 25",
        _("Nothing was said about the seals at termination: a blank is not a certificate."),
        "o.terminated_at IS NOT NULL AND NOT o.are_seals_checked",
        "jsonb_build_object('expected', o.termination_seals_expected)",
    ),
    *on_both_pages(
        "vehicle_changed", Severity.HIGH, "art. 1(d), 25",
        _("A vehicle or container of the carnet was not presented, and no certified report explains it."),
        "cardinality(o.{side}_units_missing) > 0",
        "jsonb_build_object('missing', o.{side}_units_missing, 'plates', c.plates)",
        is_gap=True,
    ),
    *on_both_pages(
        "spelt_differently", Severity.INFO, "art. 19",
        _("Seals or plates are written with letters that only look like those on record."),
        "o.{side}_is_spelt_differently",
        "jsonb_build_object('found', o.{side}_seals_found)",
        bars=NEVER,
    ),
    *on_both_pages(
        "impossible_speed", Severity.HIGH, "art. 20",
        _("The distance from the last stamp cannot be driven in the time between them."),
        f"o.{{side}}_speed_kmh > {FASTEST_LORRY_KMH}",
        "jsonb_build_object('speed_kmh', o.{side}_speed_kmh)",
    ),
    *on_both_pages(
        "occurred_in_future", Severity.HIGH, "art. 20",
        _("Stamped at a time that has not come yet: a device's clock is wrong."),
        f"{{at}} > %(at)s + {TOLERANCE}",
        "jsonb_build_object('at', {at})",
    ),
    *on_both_pages(
        "occurred_before_issue", Severity.HIGH, "art. 9",
        _("Stamped at a time before the carnet was issued: a device's clock is wrong."),
        f"{{at}} < c.issued_at - {TOLERANCE}",
        "jsonb_build_object('at', {at}, 'issued_at', c.issued_at)",
    ),
    *on_both_pages(
        "recorded_late", Severity.FLAG, "art. 1(e), practice",
        _("The stamp reached the record too late, or from a device that nobody enrolled."),
        "o.{side}_is_recorded_late",
        "jsonb_build_object('at', {at})",
    ),
    Comparison(
        "pkg_short", "termination", Severity.FLAG, ALWAYS, "art. 28",
        _("Fewer packages were certified at termination than the manifest has."),
        "o.packages < o.packages_expected",
        "jsonb_build_object('packages', o.packages, 'expected', o.packages_expected)",
    ),
    Comparison(
        "pkg_over", "termination", Severity.FLAG, ALWAYS, "art. 8(5)",
        _("More packages were certified at termination than the manifest has."),
        "o.packages > o.packages_expected",
        "jsonb_build_object('packages', o.packages, 'expected', o.packages_expected)",
    ),
    Comparison(
        "packages_not_certified", "termination", Severity.FLAG, ALWAYS, "art. 1(e), box 26",
        _("The packages were not certified at termination: a blank is not a certificate."),
        "o.terminated_at IS NOT NULL AND NOT o.are_packages_certified",
        "jsonb_build_object('expected', o.packages_expected)",
    ),
    Comparison(
        "mass_differs", "termination", Severity.FLAG, ALWAYS, "art. 28",
        _("The mass certified at termination differs from the manifest by more than the tolerance."),
        "o.does_mass_differ",
        "jsonb_build_object('office', o.termination_office)",
    ),
    Comparison(
        "reservation", "termination", Severity.FLAG, ALWAYS, "art. 28",
        _("Termination was certified with a reservation; customs must decide."),
        "o.reservation <> ''",
        "jsonb_build_object('reservation', o.reservation)",
    ),
    Comparison(
        "control_discrepancy", "termination", Severity.HIGH, ALWAYS, "art. 5, 24",
        _("A control found a discrepancy against a certificate of this operation."),
        "o.is_disputed",
        "jsonb_build_object('office', o.termination_office)",
    ),
    Comparison(
        "late", "termination", Severity.FLAG, NEVER, "art. 20, 39",
        _("Terminated after the time limit and the tolerance for minor delays."),
        f"o.is_time_limit_set AND o.terminated_at > {LATE_AFTER}",
        "jsonb_build_object('time_limit', o.time_limit_at, 'terminated_at', o.terminated_at)",
    ),
    Comparison(
        "suspended_too_long", "termination", Severity.FLAG, NEVER, "art. 26",
        _("The transport was suspended and has not resumed in time."),
        "o.is_suspended AND coalesce(n.seen_at, %(at)s) > guarantees_clock_end("
        "'suspension', o.territory_id, o.terminated_at)",
        "jsonb_build_object('suspended_at', o.terminated_at)",
    ),
    Comparison(
        "guarantee_not_reserved", "start", Severity.FLAG, NEVER, "art. 8",
        _("A release was taken back and the guarantee has no room to be charged again."),
        f"NOT c.is_reserved AND NOT {IS_WITHDRAWN} AND o.liability NOT IN ('none', 'ended') AND {HAS_EVIDENCE}",
        "jsonb_build_object('amount', c.amount::text, 'currency', c.currency)",
    ),
)  # fmt: skip

BY_CODE: dict[tuple[str, str], Comparison] = {(item.code, item.side): item for item in CATALOGUE}


def about(code: str, page: int) -> Comparison:
    """Return the catalogue's entry for an irregularity on that page."""
    return BY_CODE[code, "start" if is_start(page) else "termination"]
