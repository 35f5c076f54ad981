"""Rules about the paper and the route: its last day, its vouchers, stops that follow each other, offices approved for
what is done there."""

from django.utils.translation import gettext_lazy as _

from carnets.choices import MOST_DEPARTURE_AND_DESTINATION_OFFICES, StopAction
from carnets.itinerary import HANDLES_GOODS
from carnets.rules.application import Application, DeclaredConsignment, PlannedStops
from carnets.vouchers import VOUCHER_COUNTS
from tir.kernel.rules import Facts, RuleBook

_GOES_ON = frozenset({StopAction.LOAD, StopAction.EXIT, StopAction.SUSPEND, StopAction.UNLOAD})
FOLLOWS = {
    StopAction.LOAD: _GOES_ON,
    StopAction.EXIT: frozenset({StopAction.ENTRY}),
    StopAction.ENTRY: _GOES_ON,
    StopAction.SUSPEND: frozenset({StopAction.RESUME}),
    StopAction.RESUME: _GOES_ON,
    StopAction.UNLOAD: _GOES_ON,  # that every load comes before is a rule of its own
}

ROUTE = RuleBook["Application"]("paper and route")


@ROUTE.rule(
    "acceptance_date_out_of_range",
    article="art. 9",
    message=_("The last day for acceptance must lie between {earliest} and {latest}."),
)
def acceptance_date_is_within_the_period(case: Application) -> Facts | None:
    latest = case.acceptance.after(case.issued_on)
    if case.issued_on <= case.acceptance_until <= latest:
        return None
    return {"field": "valid_until", "earliest": case.issued_on, "latest": latest}


@ROUTE.rule(
    "voucher_count_unknown",
    article="Annex 1",
    message=_("Carnets have 4, 6, 14 or 20 vouchers, not {vouchers}."),
)
def voucher_count_exists(case: Application) -> Facts | None:
    if case.vouchers in VOUCHER_COUNTS:
        return None
    return {"field": "vouchers", "vouchers": case.vouchers, "possible": VOUCHER_COUNTS}


@ROUTE.rule(
    "too_few_vouchers",
    article="art. 17(2)",
    message=_("This route needs {needed} vouchers, a pair for each operation; the carnet has {vouchers}."),
)
def vouchers_are_enough(case: Application) -> Facts | None:
    needed = 2 * len(case.legs)
    if needed <= case.vouchers:
        return None
    return {"field": "vouchers", "needed": needed, "vouchers": case.vouchers}


@ROUTE.rule(
    "no_frontier_crossed",
    article="art. 2",
    message=_("A TIR transport crosses at least one frontier; this route stays in {territory}."),
)
def a_frontier_is_crossed(case: Application) -> Facts | None:
    territories = {stop.office.territory for stop in case.stops}
    if len(territories) > 1:
        return None
    return {"field": "stops", "territory": ", ".join(territories)}


@ROUTE.rule(
    "operation_leaves_territory",
    article="art. 1(b)",
    message=_("{start} and {end} lie in different customs territories; a TIR operation has one."),
)
def each_operation_stays_in_one_territory(case: Application) -> Facts | None:
    """A customs union is one territory (art. 48), so an inner frontier of a union is no exit."""
    for start, end in case.legs:
        if start.office.territory != end.office.territory:
            return {
                "field": f"stops.{case.stops.index(end)}",
                "start": start.office.code,
                "end": end.office.code,
            }
    return None


@ROUTE.rule(
    "stops_out_of_order",
    article="art. 18, 26",
    message=_(
        "A transport begins with a load and ends with an unload; an exit is followed by an entry, a suspension by a"
        " resumption. Stop {position} ({office}, {does}) does not fit."
    ),
)
def stops_follow_each_other(case: Application) -> Facts | None:
    wrong = _first_that_does_not_fit(case.stops)
    if wrong is None:
        return None
    stop = case.stops[wrong]
    return {"field": f"stops.{wrong}", "position": wrong + 1, "office": stop.office.code, "does": stop.does}


def _first_that_does_not_fit(stops: PlannedStops) -> int | None:
    if not stops or stops[0].does is not StopAction.LOAD:
        return 0
    for index, (before, stop) in enumerate(zip(stops, stops[1:], strict=False), start=1):
        if stop.does not in FOLLOWS[before.does]:
            return index
    return None if stops[-1].does is StopAction.UNLOAD else len(stops) - 1


@ROUTE.rule(
    "load_after_unload",
    article="art. 18",
    message=_("Every load comes before every unload: {office} loads after part was unloaded."),
)
def every_load_is_planned_before_every_unload(case: Application) -> Facts | None:
    has_unloaded = False
    for index, stop in enumerate(case.stops):
        if has_unloaded and stop.does is StopAction.LOAD:
            return {"field": f"stops.{index}", "office": stop.office.code}
        has_unloaded = has_unloaded or stop.does is StopAction.UNLOAD
    return None


@ROUTE.rule(
    "office_role_not_approved",
    article="art. 45",
    message=_("{office} is not approved as an office of {role}. Choose one that is, from the register."),
)
def offices_are_approved_for_their_roles(case: Application) -> Facts | None:
    for index, stop in enumerate(case.stops):
        if stop.role not in stop.office.roles:
            return {"field": f"stops.{index}", "office": stop.office.code, "role": stop.role}
    return None


@ROUTE.rule(
    "office_count",
    article="art. 18",
    message=_("A carnet may name at most {most} offices of departure and destination, not {count}."),
)
def departure_and_destination_offices_are_at_most_eight(case: Application) -> Facts | None:
    count = len({stop.office.code for stop in case.stops if stop.does in HANDLES_GOODS})
    if count <= MOST_DEPARTURE_AND_DESTINATION_OFFICES:
        return None
    return {"field": "stops", "count": count, "most": MOST_DEPARTURE_AND_DESTINATION_OFFICES}


@ROUTE.rule(
    "consignment_not_on_route",
    article="art. 17(1)",
    message=_(
        "Consignment {position} is loaded and unloaded where no stop of the route does that, in that order."
    ),
)
def consignments_travel_along_the_route(case: Application) -> Facts | None:
    for index, consignment in enumerate(case.consignments):
        if not _travels(case.stops, consignment):
            return {"field": f"consignments.{index}", "position": index + 1}
    return None


def _travels(stops: PlannedStops, consignment: DeclaredConsignment) -> bool:
    if not 1 <= consignment.load < consignment.unload <= len(stops):
        return False
    loads, unloads = stops[consignment.load - 1].does, stops[consignment.unload - 1].does
    return loads is StopAction.LOAD and unloads is StopAction.UNLOAD


@ROUTE.rule(
    "stop_without_goods",
    article="art. 17(1)",
    message=_("No goods are {does} at {office}. Name the goods, or leave the stop out."),
)
def every_load_and_unload_has_goods(case: Application) -> Facts | None:
    named = {position for each in case.consignments for position in (each.load, each.unload)}
    for index, stop in enumerate(case.stops):
        if stop.does in HANDLES_GOODS and index + 1 not in named:
            return {"field": f"stops.{index}", "office": stop.office.code, "does": stop.does}
    return None
