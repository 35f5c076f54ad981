"""The registers: each list with its entering, each entry with its changing. What needs four eyes answers 202."""

from datetime import date
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint, ListEndpoint, documented_list
from api.filtering import Filter, as_code
from api.openapi import CURSOR, documented, page_of
from api.pagination import ByKey
from api.permissions import GIVERS, REGISTRARS, SIGNED_IN
from api.v1.checkpoints import views as checkpoints
from api.v1.guarantees import views as guarantees
from api.v1.registers import bodies
from api.v1.registers.answering import changed, entered, found_to_enter, present_entries
from api.v1.registers.bodies import ApprovalOut
from carnets.ranges import RANGES
from checkpoints.posts.registering import CROSSINGS, OFFICES
from guarantees.registers.associations import ASSOCIATIONS, MAXIMA
from guarantees.registers.clocks import CLOCKS
from guarantees.registers.guarantees import CEILINGS, GUARANTEES
from guarantees.registers.territories import MEMBERS, TERRITORIES
from tir.registers.entering import Register

TAG = "registers"
LAW = "law"  # in an address: the clocks of no territory
REFUSED = (409, 422)
NO_SUCH = (404, 409, 422)


class Offices(checkpoints.Offices):
    allow: ClassVar = {"GET": SIGNED_IN, "POST": REGISTRARS}

    @documented(
        "Enter a customs office", operation="enter_office", body=bodies.EnterOfficeBody,
        answers={201: bodies.OfficeEntryOut, 200: bodies.OfficeEntryOut}, problems=REFUSED, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        return entered(request, OFFICES, bodies.EnterOfficeBody)


class OneOffice(Endpoint):
    """One customs office, to change or to end."""

    allow: ClassVar = {"PATCH": REGISTRARS}

    @documented(
        "Change or end a customs office", operation="change_office", body=bodies.ChangeOfficeBody,
        answers={200: bodies.OfficeEntryOut}, problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def patch(self, request: Request, office: str) -> Response:
        return changed(request, OFFICES, bodies.ChangeOfficeBody, code=office.upper())


class Crossings(checkpoints.Crossings):
    allow: ClassVar = {"GET": SIGNED_IN, "POST": REGISTRARS}

    @documented(
        "Pair two frontier offices", operation="enter_crossing", body=bodies.EnterCrossingBody,
        answers={201: bodies.CrossingEntryOut, 200: bodies.CrossingEntryOut}, problems=REFUSED, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        return entered(request, CROSSINGS, bodies.EnterCrossingBody)


class OneCrossing(Endpoint):
    """One crossing, to change or to end."""

    allow: ClassVar = {"PATCH": REGISTRARS}

    @documented(
        "Change or end a crossing", operation="change_crossing", body=bodies.ChangeCrossingBody,
        answers={200: bodies.CrossingEntryOut}, problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def patch(self, request: Request, crossing: str) -> Response:
        return changed(request, CROSSINGS, bodies.ChangeCrossingBody, code=crossing.upper())


class Entries(ListEndpoint):
    """The entries of a register: everybody who is signed in reads them, registrars enter more."""

    allow: ClassVar = {"GET": SIGNED_IN, "POST": REGISTRARS}
    pagination = ByKey
    register: ClassVar[Register[Any]]

    def found(self, request: Request) -> Any:
        return self.register.rows()

    def present(self, rows: list[Any], request: Request) -> list[dict[str, Any]]:
        return present_entries(self.register, rows)


@documented_list(
    "List customs territories", operation="list_territories", rows=bodies.TerritoryEntryOut, tag=TAG
)
class Territories(Entries):
    """Customs territories and their practices."""

    register = TERRITORIES

    @documented(
        "Enter a customs territory", operation="enter_territory", body=bodies.EnterTerritoryBody,
        answers={201: bodies.TerritoryEntryOut, 200: bodies.TerritoryEntryOut}, problems=REFUSED, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        return entered(request, TERRITORIES, bodies.EnterTerritoryBody)


class OneTerritory(Endpoint):
    """One customs territory, to change its practices."""

    allow: ClassVar = {"PATCH": REGISTRARS}

    @documented(
        "Change a territory's practices", operation="change_territory", body=bodies.ChangeTerritoryBody,
        answers={200: bodies.TerritoryEntryOut}, problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def patch(self, request: Request, territory: str) -> Response:
        return changed(request, TERRITORIES, bodies.ChangeTerritoryBody, code=territory.upper())


class Members(Entries):
    """The countries of a territory, and since when."""

    register = MEMBERS

    def found(self, request: Request) -> Any:
        return super().found(request).filter(territory__code=self.kwargs["territory"].upper())

    @documented(
        "List the members of a territory", operation="list_members",
        answers={200: page_of(bodies.MemberEntryOut)}, problems=(404,),
        parameters=CURSOR, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, territory: str) -> Response:  # type: ignore[override]  # the address names more
        return super().get(request)

    @documented(
        "Enter a member of a territory", operation="enter_member", body=bodies.EnterMemberBody,
        answers={201: bodies.MemberEntryOut, 200: bodies.MemberEntryOut}, problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, territory: str) -> Response:
        return entered(request, MEMBERS, bodies.EnterMemberBody, territory=territory.upper())


class OneMember(Endpoint):
    """One membership, to end."""

    allow: ClassVar = {"PATCH": REGISTRARS}

    @documented(
        "Change or end a membership", operation="change_member", body=bodies.ChangeMemberBody,
        answers={200: bodies.MemberEntryOut}, problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def patch(self, request: Request, country: str, day: date) -> Response:
        return changed(request, MEMBERS, bodies.ChangeMemberBody, country=country.upper(), valid_from=day)


@documented_list("List associations", operation="list_associations", rows=bodies.AssociationEntryOut, tag=TAG)
class Associations(Entries):
    """The guaranteeing associations."""

    register = ASSOCIATIONS
    filters = (Filter("country", "country", "ISO alpha-2.", read=as_code),)

    @documented(
        "Enter an association", operation="enter_association", body=bodies.EnterAssociationBody,
        answers={201: bodies.AssociationEntryOut, 200: bodies.AssociationEntryOut}, problems=REFUSED, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        return entered(request, ASSOCIATIONS, bodies.EnterAssociationBody)


class OneAssociation(Endpoint):
    """One association, to change."""

    allow: ClassVar = {"PATCH": REGISTRARS}

    @documented(
        "Change an association", operation="change_association", body=bodies.ChangeAssociationBody,
        answers={200: bodies.AssociationEntryOut}, problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def patch(self, request: Request, code: str) -> Response:
        return changed(request, ASSOCIATIONS, bodies.ChangeAssociationBody, code=code)


class Maxima(Entries):
    """The most an association owes for one carnet, and since when."""

    register = MAXIMA

    def found(self, request: Request) -> Any:
        return super().found(request).filter(association__code=self.kwargs["code"])

    @documented(
        "List an association's maxima", operation="list_maxima",
        answers={200: page_of(bodies.MaximumEntryOut)}, problems=(404,),
        parameters=CURSOR, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:  # type: ignore[override]  # the address names more
        return super().get(request)

    @documented(
        "Propose a liability maximum", operation="enter_maximum", body=bodies.EnterMaximumBody,
        answers={202: ApprovalOut, 200: bodies.MaximumEntryOut}, problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        return entered(request, MAXIMA, bodies.EnterMaximumBody, association=code)


class Guarantees(guarantees.Guarantees):
    allow: ClassVar = {**guarantees.Guarantees.allow, "POST": REGISTRARS}

    @documented(
        "Propose a guarantee", operation="enter_guarantee", body=bodies.EnterGuaranteeBody,
        answers={202: ApprovalOut, 200: bodies.GuaranteeEntryOut}, problems=REFUSED, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        return entered(request, GUARANTEES, bodies.EnterGuaranteeBody)


class OneGuarantee(guarantees.OneGuarantee):
    allow: ClassVar = {**guarantees.OneGuarantee.allow, "PATCH": REGISTRARS}

    @documented(
        "Propose a change or the end of a guarantee", operation="change_guarantee",
        body=bodies.ChangeGuaranteeBody, answers={202: ApprovalOut, 200: bodies.GuaranteeEntryOut},
        problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def patch(self, request: Request, reference: str) -> Response:
        return changed(request, GUARANTEES, bodies.ChangeGuaranteeBody, reference=reference)


class Ceilings(Endpoint):
    """New terms of a guarantee, from a day on."""

    allow: ClassVar = {"POST": REGISTRARS}

    @documented(
        "Propose a ceiling", operation="enter_ceiling", body=bodies.EnterCeilingBody,
        answers={202: ApprovalOut, 200: bodies.CeilingEntryOut}, problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, reference: str) -> Response:
        found_to_enter(request, GUARANTEES, reference=reference)
        return entered(request, CEILINGS, bodies.EnterCeilingBody, guarantee=reference)


@documented_list("List clock rules", operation="list_clocks", rows=bodies.ClockEntryOut, tag=TAG)
class Clocks(Entries):
    """How long each legal clock runs: everywhere, or in one territory."""

    register = CLOCKS
    filters = (
        Filter("territory", "territory__code", "Only this territory's own practice.", read=as_code),
        Filter("clock", "clock", "Only this clock."),
    )

    @documented(
        "Enter a clock rule", operation="enter_clock", body=bodies.EnterClockBody,
        answers={201: bodies.ClockEntryOut, 200: bodies.ClockEntryOut}, problems=REFUSED, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        return entered(request, CLOCKS, bodies.EnterClockBody)


class OneClock(Endpoint):
    """One clock rule, to end."""

    allow: ClassVar = {"PATCH": REGISTRARS}

    @documented(
        "Change or end a clock rule", operation="change_clock", body=bodies.ChangeClockBody,
        answers={200: bodies.ClockEntryOut}, problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def patch(self, request: Request, clock: str, territory: str, day: date) -> Response:
        code = None if territory == LAW else territory.upper()
        return changed(request, CLOCKS, bodies.ChangeClockBody, clock=clock, territory=code, valid_from=day)


class OneRange(Endpoint):
    """One range of carnet numbers, to cut at its end."""

    allow: ClassVar = {"PATCH": GIVERS}

    @documented(
        "Cut a range of carnet numbers", operation="cut_number_range", body=bodies.CutRangeBody,
        answers={200: bodies.RangeEntryOut}, problems=NO_SUCH, tag=TAG,
    )  # fmt: skip
    def patch(self, request: Request, first: str) -> Response:
        return changed(request, RANGES, bodies.CutRangeBody, first=int(first))
