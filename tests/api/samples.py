"""Something of everything that an address can name, for the tables of who may do what."""

from datetime import timedelta
from uuid import uuid4

from carnets.annex10 import returns
from carnets.guarantee_queries import asking
from carnets.models import Carnet
from carnets.rules import DeclaredVehicle
from checkpoints.annex10 import daily
from checkpoints.models import Proof
from checkpoints.recording import proofs
from guarantees import holders
from tests.api.calls import ago
from tests.world import World
from tir.accounts.models import User
from tir.kernel.clock import now

TO_URUMQI = (("KZALA001", "KZHOR001"), ("CNHRS001", "CNURC001"))  # to the office of the tables' officer


def of_annex_10(world: World, hq: User) -> dict[str, object]:
    """A holder, an exclusion by China, a request to the officer's own office, an enquiry, and a daily file."""
    begun = ago(days=20)
    carnet = world.issue(
        TO_URUMQI,
        begun,
        acceptance_until=begun.date() + timedelta(days=30),
        vehicles=[DeclaredVehicle("01KZ123ABC", "KZ", "1543-5645", begun.date() + timedelta(days=400))],
    )
    world.travel(carnet, since=ago(days=19))
    made = daily.make_files(upto=ago(days=2).date(), at=now())
    returned = returns.record_return(
        number=carnet.number,
        counterfoils=[{"page": 4, "packages": 400}],
        reason="",
        by=world.staff["CN"],
        at=now(),
    )
    exclusion = holders.exclude(
        holder_id=world.holder.pk,
        country="CN",
        valid_from=now().date(),
        decided_on=now().date(),
        reason="Smuggling.",
        by=hq,
        at=now(),
    )
    asked = asking.ask(number=carnet.number, country="CN", by=hq, at=now())
    return {
        "number": carnet.number,
        "holder_ref": world.holder.reference.replace("/", "-"),
        "exclusion_id": exclusion.pk,
        "request_id": returned.carnet.reconciliation_requests.get().pk,
        "enquiry_id": asked.query.pk,
        "query_id": asked.query.pk,
        "day": made[-1].day,
    }


def offered_proof(world: World, carnet: Carnet) -> Proof:
    """A counterfoil that the issuer offers for page 2."""
    offered = proofs.offer_proof(
        request=proofs.ProofRequest(
            uuid4(), carnet.number, 2, "counterfoil_2", "The holder", ago(days=1).date()
        ),
        by=world.staff["CN"],
        at=now(),
    )
    return offered.proof
