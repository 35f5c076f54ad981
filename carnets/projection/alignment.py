"""How the pairs that were used lie along the plan: a function of all evidence, not of the order it arrived in.

A pair belongs to whoever stamps it. Walking the used pairs in page order, each takes the leg that starts at its own
office, else the one that lies as many legs ahead as pairs were left out, else the next, always in the territory of its
stamps; a pair in a territory that the plan has no more of is a detour. A leg is passed when it or a later one has a
stamp in its territory; the next expected is the first that is not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field

from carnets.choices import OfficeRole, StopAction
from carnets.itinerary import HANDLES_GOODS, ROLES
from carnets.projection.evidence import Certification
from carnets.projection.plan import Plan, PlannedLeg, PlannedStop
from carnets.projection.standing import Standing
from carnets.vouchers import is_start, operation_of, start_page, termination_page
from tir.kernel.values import value


@value
class LegSpan:
    """The planned legs that one pair covers, by index; more than one where an inner stop was left out."""

    first: int
    last: int


@value
class Alignment:
    """The span of every used pair (`None`: a detour), and the index of the first leg not passed."""

    plan: Plan
    standing: Standing
    spans: Mapping[int, LegSpan | None]
    next_leg: int
    _doing: dict[int, StopAction] = field(default_factory=dict)  # worked out once for each page

    def leg_of(self, sequence: int) -> tuple[PlannedLeg, PlannedLeg] | None:
        """Return the legs whose start and whose end a pair stands for, by evidence or else as planned."""
        if sequence in self.spans:
            span = self.spans[sequence]
            return None if span is None else (self.plan.legs[span.first], self.plan.legs[span.last])
        if sequence <= len(self.plan.legs):
            leg = self.plan.legs[sequence - 1]
            return leg, leg
        return None

    def stop_of(self, page: int) -> PlannedStop | None:
        """Return the planned stop that a page stands for; nothing on a detour."""
        legs = self.leg_of(operation_of(page))
        if legs is None:
            return None
        return legs[0].start if is_start(page) else legs[1].end

    def does(self, page: int) -> StopAction:
        """Return what the lorry does where this page is certified: what was said there goes before what was planned."""
        if page not in self._doing:
            self._doing[page] = self._work_out(page)
        return self._doing[page]

    def _work_out(self, page: int) -> StopAction:
        said = self.standing.by_page.get(page)
        if not is_start(page) and said is not None:
            if said.is_suspension:
                return StopAction.SUSPEND
            if said.ends_here and said.is_approved:
                return StopAction.UNLOAD
        stop = self.stop_of(page)
        if stop is None:
            return self._does_off_the_plan(page)
        if said is not None and said.goes_on and stop.office != said.office.code and self._leaves(said):
            return StopAction.EXIT  # the planned unload is passed by
        return stop.does

    def _leaves(self, said: Certification) -> bool:
        """Whether an office that may certify an exit did: it is no destination, or the next pair is of another
        territory. What goes on from an unload starts again in the same one."""
        roles = said.office.roles
        if OfficeRole.EXIT not in roles:
            return False
        after = next((k for k in self.standing.used if k > operation_of(said.page)), None)
        goes_abroad = after and _territory(*self.standing.pair(after)) != said.office.territory_id
        return bool(goes_abroad) or OfficeRole.DESTINATION not in roles

    def _does_off_the_plan(self, page: int) -> StopAction:
        """A detour is entered and left; what goes on from an unload starts there, in the same visit."""
        if not is_start(page):
            return StopAction.EXIT
        start, before = self.standing.by_page.get(page), self.standing.by_page.get(page - 1)
        goes_on_here = start and before and before.goes_on and before.office.code == start.office.code
        return self.does(page - 1) if goes_on_here else StopAction.ENTRY

    def role(self, page: int) -> OfficeRole:
        return ROLES[self.does(page)]

    def roles(self, sequence: int) -> tuple[OfficeRole, OfficeRole]:
        """Return the roles in which the two pages of a pair are certified; as planned where it is still to come."""
        if sequence not in self.spans and sequence <= len(self.plan.legs):
            return self.plan.legs[sequence - 1].roles
        return self.role(start_page(sequence)), self.role(termination_page(sequence))

    def is_final(self, sequence: int) -> bool:
        """Whether the transport ends with the No. 2 of this pair: its last unload, or an end declared at an approved
        office (art. 27), unless something goes on."""
        end = self.standing.pair(sequence)[1]
        if end is None or end.goes_on:
            return False
        if end.ends_here:
            return end.is_approved
        span = self.spans.get(sequence)
        return span is not None and span.last + 1 == len(self.plan.legs) and not end.is_suspension

    @property
    def is_over(self) -> bool:
        """Whether the end of the transport is certified, or the association has the carnet back and has checked it."""
        return self.plan.is_over or any(self.is_final(sequence) for sequence in self.spans)

    def is_visit(self, sequence: int) -> bool:
        """Whether a pair starts where the one before it ended, at one load or unload: one visit, two pages."""
        start, before = self.standing.pair(sequence)[0], self.standing.pair(sequence - 1)[1]
        if start is None or before is None or start.office.code != before.office.code:
            return False
        return self.does(2 * sequence - 2) in HANDLES_GOODS

    def is_planned(self, page: int, territory_id: int) -> bool:
        """Whether the page is for that territory: a No. 2 by its own No. 1, anything else by the plan."""
        if not is_start(page) and page - 1 in self.standing.by_page:
            return self.belongs_to(page, territory_id)
        sequence, legs = operation_of(page), self.plan.legs
        return sequence <= len(legs) and legs[sequence - 1].territory_id == territory_id

    def belongs_to(self, page: int, territory_id: int) -> bool:
        """Whether the page is that territory's to speak about: by the other page of its pair, else by the plan."""
        other = self.standing.other_side(page)
        if other is not None:
            return other.office.territory_id == territory_id
        sequence = operation_of(page)
        legs = self.plan.legs
        return sequence <= len(legs) and legs[sequence - 1].territory_id == territory_id


def align(plan: Plan, standing: Standing) -> Alignment:
    """Lay the used pairs along the planned legs."""
    spans: dict[int, LegSpan | None] = {}
    passed = before = 0
    came_from: int | None = None
    for sequence in standing.used:
        start, end = standing.pair(sequence)
        territory_id = _territory(start, end)
        due = passed + sequence - before - 1  # a pair left out stands for a leg left out, a detour for none
        fitting = [i for i in range(passed, len(plan.legs)) if plan.legs[i].territory_id == territory_id]
        span = _span(plan, fitting, due, start, end, is_inside=came_from == territory_id) if fitting else None
        spans[sequence] = span
        if span is not None:
            passed = span.last + 1
        before, came_from = sequence, territory_id
    return Alignment(plan, standing, spans, passed)


def _territory(start: Certification | None, end: Certification | None) -> int:
    seen = start or end
    assert seen is not None  # noqa: S101
    return seen.office.territory_id


def _span(
    plan: Plan,
    fitting: list[int],
    due: int,
    start: Certification | None,
    end: Certification | None,
    *,
    is_inside: bool,
) -> LegSpan:
    """Return the legs of a pair: the first is one ahead that starts at its own office, the nearest to the one that is
    due; else the one that is due, if it lies in the territory; else the next. Who has just entered starts at no stop
    beyond the one that is due, whatever office that is."""
    named = [
        i
        for i in _run(plan, fitting[0])
        if start is not None and plan.legs[i].start.office == start.office.code and (is_inside or i <= due)
    ]
    first = due if due in fitting else fitting[0]
    if named:
        first = min(named, key=lambda i: abs(i - due))
    return LegSpan(first, first if end is None else _leg_by_office(plan, first, end.office.code, "end"))


def _leg_by_office(plan: Plan, first: int, office: str, side: str) -> int:
    """Return the leg of the same run through one territory whose stop is this very office; else the first one."""
    named = (i for i in _run(plan, first) if getattr(plan.legs[i], side).office == office)
    return next(named, first)


def _run(plan: Plan, first: int) -> Iterator[int]:
    """Yield the legs that follow each other inside one territory without leaving it."""
    yield first
    for index in range(first + 1, len(plan.legs)):
        before, leg = plan.legs[index - 1], plan.legs[index]
        if leg.territory_id != before.territory_id or before.end.does not in HANDLES_GOODS:
            return
        yield index
