"""The people and papers of the sample installation, as the simulation acts with them: read once, kept in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from carnets.choices import CarnetKind, UnitKind
from carnets.itinerary import ItineraryStop
from carnets.rules import (
    Application,
    DeclaredConsignment,
    DeclaredGoods,
    DeclaredVehicle,
    Party,
    PlannedOffice,
)
from carnets.vouchers import VOUCHER_COUNTS
from checkpoints.models import Device, Posting
from checkpoints.posts.offices import planned_office
from checkpoints.posts.postings import Officer, PostingPeriod
from checkpoints.simulation.accounts import association_name, officer_name, pool_reference
from checkpoints.simulation.freight import Freight, FreightConsignment
from checkpoints.simulation.journeys import Journey
from guarantees.models import Association, Guarantee, Holder
from tir.accounts.models import User
from tir.kernel.errors import Refused
from tir.kernel.places import day_at


class NotSeeded(Refused):
    """The sample accounts and guarantees are missing: `manage.py seed` makes them."""

    code = "not_seeded"


@dataclass(slots=True)
class Cast:
    """Who issues and who stamps; `room` is what the simulation may still reserve on each holder's own guarantee."""

    associations: Mapping[str, Association]
    staff: Mapping[str, User]
    holders: Mapping[str, Holder]
    officers: Mapping[str, Officer]
    guarantees: Mapping[str, Guarantee]
    own: Mapping[int, Guarantee]
    devices: Mapping[str, UUID]
    room: dict[int, int] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Cast":
        """Read the cast from the database. Raises NotSeeded."""
        officers = _officers()
        guarantees = list(Guarantee.objects.all())
        if not officers or not guarantees:
            raise NotSeeded("Sample accounts are missing. Run manage.py seed first.")
        return cls(
            associations={each.code: each for each in Association.objects.all()},
            staff={user.username: user for user in User.objects.filter(membership__isnull=False)},
            holders={holder.reference: holder for holder in Holder.objects.all()},
            officers=officers,
            guarantees={each.reference: each for each in guarantees},
            own={each.holder_id: each for each in guarantees if each.holder_id},
            devices=_devices(),
        )

    def issuer(self, journey: Journey) -> User:
        return self.staff[association_name(self.associations[journey.freight.association].country)]

    def application(self, journey: Journey, continues: str = "") -> Application:
        """Return what the association asks for: the journey as planned, before anything happens to it."""
        freight = journey.freight
        association = self.associations[freight.association]
        day = day_at(journey.issued_at, association.time_zone)
        holder = self.holders[freight.holder]
        return Application(
            association=association,
            holder=holder,
            guarantee=self._guarantee(association, holder),
            vouchers=min(count for count in VOUCHER_COUNTS if count >= 2 * journey.operations),
            acceptance_until=day + timedelta(days=journey.acceptance_days),
            vehicles=_vehicles(freight, day + timedelta(days=journey.approval_days)),
            stops=_stops(journey, day),
            consignments=[_consignment(each, holder) for each in freight.consignments],
            containers=freight.containers,
            kind=CarnetKind.TOBACCO_ALCOHOL if freight.is_excise else CarnetKind.ORDINARY,
            is_heavy_or_bulky=freight.is_heavy,
            continues=continues,
        )

    def _guarantee(self, association: Association, holder: Holder) -> Guarantee:
        """The holder's own while it has room, then the association's pool."""
        own = self.own.get(holder.pk)
        if own is not None and self.room.setdefault(own.pk, _room(own)) > 0:
            self.room[own.pk] -= 1
            return own
        return self.guarantees[pool_reference(association.country)]


def _room(guarantee: Guarantee) -> int:
    """Return how many more carnets the guarantee takes while none of them is discharged; one in four stays free."""
    by_amount = int((guarantee.ceiling - guarantee.exposure) / guarantee.amount_per_carnet)
    by_count = (guarantee.max_open_carnets or by_amount) - guarantee.open_carnets
    return min(by_amount, by_count) * 3 // 4


def _officers() -> dict[str, Officer]:
    """Return the sample officer of each office; others who serve there have no part in this."""
    postings = Posting.objects.filter(user__username__startswith=officer_name("")).values_list(
        "office__code", "user__username", "user_id", "office_id", "valid_from", "valid_to"
    )
    return {
        code: Officer(user_id, (PostingPeriod(office_id, valid_from, valid_to),))
        for code, username, user_id, office_id, valid_from, valid_to in postings
        if username == officer_name(code)
    }


def _devices() -> dict[str, UUID]:
    """Return the enrolled phone of each office."""
    enrolled = Device.objects.filter(revoked_at=None).order_by("-enrolled_at", "-pk")
    return dict(enrolled.values_list("office__code", "pk"))


def _stops(journey: Journey, day: date) -> list[ItineraryStop[PlannedOffice]]:
    return [
        ItineraryStop(planned_office(call.office, on=day, field="stops"), call.does)
        for call in journey.planned
    ]


def _vehicles(freight: Freight, approval_expires: date) -> list[DeclaredVehicle]:
    """Only what carries goods under seal has a certificate of approval."""
    return [
        DeclaredVehicle(plate.registration, plate.country, kind=plate.kind)
        if plate.kind == UnitKind.TRACTOR or freight.is_heavy or freight.containers
        else DeclaredVehicle(
            plate.registration, plate.country, plate.certificate, approval_expires, plate.kind
        )
        for plate in freight.plates
    ]


def _consignment(consignment: FreightConsignment, holder: Holder) -> DeclaredConsignment:
    lines = tuple(
        DeclaredGoods(
            line.description,
            line.packages,
            line.package_kind,
            Decimal(line.gross_mass_kg),
            line.hs_code,
            equipment=consignment.container,
        )
        for line in consignment.goods
    )
    consignor = Party(f"Sample exporter for {holder.name}", country=holder.country)
    return DeclaredConsignment(consignment.load, consignment.unload, lines, consignor=consignor)
