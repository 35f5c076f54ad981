"""The file of judged cases, and its parts as the server knows them."""

from base64 import urlsafe_b64decode
from decimal import Decimal
from functools import cached_property
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec

from carnets.choices import CarnetStatus
from carnets.projection.facts import Certification, OfficeFacts, Plan, PlannedOperation, Report
from carnets.projection.writing import CarnetOnRecord, Exclusion, OperationOnRecord
from checkpoints.evidence.dockets import Docket
from checkpoints.posts.offices import Office
from guarantees.clocks import DatedPeriod, Period, Schedule
from tests.judging.parts import (
    CarnetPart,
    CasePart,
    ExclusionPart,
    NumberPart,
    OfficePart,
    OperationPart,
    OwnReportPart,
    Part,
    ReportPart,
    StampPart,
    StopEntry,
    StopList,
    TerritoryPart,
)
from tests.world import LONG_AGO


class File(Part):
    """What a phone holds besides the carnets, and the cases."""

    format: Literal["tir-judging-1"]
    keys: dict[Literal["keys"], list[dict[str, str]]]
    test_keys: dict[Literal["ours", "foreign"], dict[str, str]]
    offices: list[OfficePart]
    territories: list[TerritoryPart]
    exclusions: list[ExclusionPart]
    stop_list: StopList
    suspension_days: int | None
    own_reports: list[OwnReportPart]
    numbers: list[NumberPart]
    cases: list[CasePart]

    @cached_property
    def offices_by_code(self) -> dict[str, OfficePart]:
        return {office.code: office for office in self.offices}

    @cached_property
    def territory_ids(self) -> dict[str, int]:
        return {territory.code: index for index, territory in enumerate(self.territories, start=1)}

    @property
    def verification_keys(self) -> list[ec.EllipticCurvePublicKey]:
        """The published key, which is the public half of `ours`."""
        return [private_key(self.test_keys["ours"]).public_key()]

    def office(self, code: str) -> Office:
        part = self.offices_by_code[code]
        return Office(
            self.offices.index(part), self.office_facts(code), self.territory_ids[part.territory], part.territory,
            part.name, "", "", "UTC", LONG_AGO, None,
        )  # fmt: skip

    def office_facts(self, code: str) -> OfficeFacts:
        part = self.offices_by_code[code]
        return OfficeFacts(
            code, part.country, part.lat, part.lon, frozenset(part.roles), tuple(part.partners)
        )

    def exclusions_of(self, holder: str) -> list[Exclusion]:
        return [
            Exclusion(row.country, row.valid_from, row.valid_to)
            for row in self.exclusions
            if row.holder == holder
        ]

    def listed(self, number: str) -> StopEntry | None:
        return next((entry for entry in self.stop_list.entries if entry.number == number), None)

    def docket(self, carnet: CarnetPart) -> Docket:
        """Return the carnet as the server would open it."""
        docket = Docket(
            self._on_record(carnet),
            [self.certification(stamp) for stamp in carnet.stamps],
            [_report(report) for report in carnet.reports],
            frozenset(carnet.refused),
        )
        docket.facts = docket.before = docket.project_with()
        return docket

    def certification(self, stamp: StampPart) -> Certification:
        return Certification(
            id=stamp.id, page=stamp.page, office=self.office_facts(stamp.office), occurred_at=stamp.occurred_at,
            seals_intact=stamp.seals.intact, seals_found=_tuple(stamp.seals.found),
            seals_affixed=_tuple(stamp.seals.affixed), packages=stamp.packages, time_limit_at=stamp.time_limit,
            vehicles=_tuple(stamp.vehicles), is_partial=stamp.partial, is_suspension=stamp.suspension,
            cancels=stamp.cancels,
        )  # fmt: skip

    def _on_record(self, carnet: CarnetPart) -> CarnetOnRecord:
        listed = self.listed(carnet.number)
        control, since = carnet.control, carnet.control_at
        if listed and not control:  # the list is newer than what is held
            control, since = listed.control, listed.since
        return CarnetOnRecord(
            id=1, number=carnet.number, control=control, control_at=since, control_reason="",
            status=CarnetStatus.RETURNED if carnet.returned else CarnetStatus.ISSUED,
            vouchers=carnet.vouchers, packages=carnet.packages, plates=list(carnet.plates),
            issued_at=carnet.issued_at, acceptance_until=carnet.acceptance_until, amount=Decimal(0),
            currency="EUR", is_returned=carnet.returned, has_reports=True, latest_sequence=0,
            latest_hash=bytes(32), reconcile_at=None, guarantee_id=1, guarantee=carnet.guarantee.reference,
            guarantee_valid_from=carnet.guarantee.valid_from, guarantee_valid_to=carnet.guarantee.valid_to,
            holder=carnet.holder.id, holder_name=carnet.holder.name, holder_status=carnet.holder.status,
            holder_authorised_from=LONG_AGO, association_id=1, countries=[],
            exclusions=self.exclusions_of(carnet.holder.id), approval_until=carnet.approval_until,
            operations=[self._operation(part) for part in carnet.operations], plan=_plan(carnet),
        )  # fmt: skip

    def _suspension(self, territory: str) -> Schedule:
        """How long a transport may be suspended after an operation there; without a clock for ever."""
        days = next(part.suspension_days for part in self.territories if part.code == territory)
        return Schedule(() if days is None else (DatedPeriod(LONG_AGO, None, Period(days=days)),))

    def _operation(self, part: OperationPart) -> OperationOnRecord:
        return OperationOnRecord(
            id=part.sequence, sequence=part.sequence, territory_id=self.territory_ids[part.territory],
            territory=part.territory, country=part.planned_start[:2], planned_start=part.planned_start,
            planned_end=part.planned_end, start_role=part.start_role, termination_role=part.termination_role,
            status="expected", default_transit_days=part.default_transit_days, grace_hours=part.grace_hours,
            guarantor_id=None, borne=Decimal(0), borne_currency="", borne_from=None, discharged_at=None,
            reopened_at=None, suspension=self._suspension(part.territory),
        )  # fmt: skip


def _plan(carnet: CarnetPart) -> Plan:
    return Plan(
        carnet.packages,
        frozenset(carnet.plates),
        tuple(
            PlannedOperation(part.sequence, part.start_role, part.termination_role, part.default_transit_days)
            for part in carnet.operations
        ),
    )


def _report(part: ReportPart) -> Report:
    return Report(
        part.id, part.office, part.occurred_at, frozenset(part.seals_broken), frozenset(part.seals_affixed),
        frozenset(part.vehicles), part.about_seals,
    )  # fmt: skip


def _tuple(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def private_key(jwk: dict[str, str]) -> ec.EllipticCurvePrivateKey:
    """Return the key pair of a private JSON Web Key; only tests have their private halves in a file."""
    secret = int.from_bytes(urlsafe_b64decode(jwk["d"] + "=="))
    return ec.derive_private_key(secret, ec.SECP256R1())
