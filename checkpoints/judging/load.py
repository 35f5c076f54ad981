"""Rules about what is presented: seals, vehicles and containers, packages, mass. A blank is not a certificate."""

from django.utils.translation import gettext_lazy as _

from checkpoints.judging.case import Case
from tir.kernel.rules import Facts, Level, RuleBook

LOAD = RuleBook["Case"]("what is presented")


@LOAD.rule(
    "seal_mismatch",
    article="art. 19, 24",
    level=Level.LOOK,
    message=_("The seals found are not the seals expected ({expected}). Draw up a certified report."),
)
def seals_are_those_expected(case: Case) -> Facts | None:
    seen = case.seen
    if (
        seen is None or seen.seals_agree is not False or seen.seals_intact is False
    ):  # broken ones: a rule of their own
        return None
    return {"expected": list(seen.seals_expected or ()), "found": list(seen.seals_found or ())}


@LOAD.rule(
    "seal_broken_no_pv",
    article="art. 25",
    level=Level.LOOK,
    message=_("The seals are not intact and there is no certified report. Draw one up."),
)
def broken_seals_have_a_certified_report(case: Case) -> Facts | None:
    if case.seen is None or case.seen.seals_intact is not False or case.seen.is_reported:
        return None
    return {"page": case.page}


@LOAD.rule(
    "seals_not_checked",
    article="art. 1(e), box 25",
    level=Level.LOOK,
    message=_("Nothing was said about the seals ({expected}). Tick them as intact, or list those found."),
)
def seals_are_checked_at_termination(case: Case) -> Facts | None:
    own, seen = case.own, case.seen
    if case.said is None or case.is_start or own is None or seen is None or own.are_seals_checked:
        return None
    return {"expected": list(seen.seals_expected or ())}


@LOAD.rule(
    "seals_unknown",
    article="art. 19, box 16",
    level=Level.LOOK,
    message=_("No seal is on record for goods under seal. Write the seals that are affixed."),
)
def seals_are_on_record_when_it_starts(case: Case) -> Facts | None:
    if case.said is None or not case.is_start or case.own is None or not case.own.are_seals_unknown:
        return None
    return {"page": case.page}


@LOAD.rule(
    "vehicle_changed",
    article="art. 1(d), 25",
    level=Level.LOOK,
    message=_(
        "Of the carnet's vehicles and containers, these are not here: {missing}. Draw up a certified report."
    ),
)
def units_are_those_of_the_carnet(case: Case) -> Facts | None:
    if case.seen is None or not case.seen.units_missing:
        return None
    return {"missing": list(case.seen.units_missing), "plates": list(case.carnet.plates)}


@LOAD.rule(
    "packages_not_certified",
    article="art. 1(e), box 26",
    level=Level.LOOK,
    message=_(
        "The packages are not certified: count them, or state that they are as in the manifest under intact seals."
    ),
)
def packages_are_certified_at_termination(case: Case) -> Facts | None:
    """A blank box 26 is no certificate: it is counted, or stated as in the manifest under intact seals."""
    if (
        case.said is None
        or case.is_start
        or case.seen is None
        or case.own is None
        or case.own.are_packages_certified
    ):
        return None
    return {"expected": case.own.packages_expected}


@LOAD.rule(
    "packages_differ",
    article="art. 8(5), 28",
    level=Level.LOOK,
    message=_(
        "{packages} packages certified, {expected} expected. Certify with a reservation if they are short."
    ),
)
def packages_are_those_expected(case: Case) -> Facts | None:
    own, said = case.own, case.said
    if said is None or case.is_start or own is None or case.seen is None or said.packages is None:
        return None
    if own.packages_expected in (None, said.packages):
        return None
    return {"packages": said.packages, "expected": own.packages_expected}


@LOAD.rule(
    "mass_differs",
    article="art. 28",
    level=Level.LOOK,
    message=_(
        "{mass_kg} kg certified: more than the tolerance from the manifest. Weigh again, or certify with a reservation."
    ),
)
def mass_is_that_of_the_manifest(case: Case) -> Facts | None:
    """The tolerance is the territory's practice; goods without a count are certified by their mass."""
    if (
        case.said is None
        or case.own is None
        or case.seen is None
        or case.is_start
        or not case.own.does_mass_differ
    ):
        return None
    return {"mass_kg": case.said.mass_kg}


@LOAD.rule(
    "reservation",
    article="art. 28",
    level=Level.NOTE,
    message=_(
        "Certified with a reservation: customs will decide; the operation is not discharged by itself."
    ),
)
def termination_is_without_reservation(case: Case) -> Facts | None:
    if case.said is None or case.is_start or not case.said.reservation:
        return None
    return {"reservation": case.said.reservation}


@LOAD.rule(
    "spelt_differently",
    article="art. 19",
    level=Level.NOTE,
    message=_("Seals or plates are written with other letters that look alike. They count as the same."),
)
def seals_and_plates_are_spelt_alike(case: Case) -> Facts | None:
    if case.said is None or case.seen is None or not case.seen.is_spelt_differently:
        return None
    return {"page": case.page}
