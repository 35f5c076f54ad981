"""Irregularities and reconciliation runs."""

from typing import Annotated, Any, ClassVar, Literal

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import caller
from api.endpoints import Endpoint, ListEndpoint, documented_list
from api.errors import instant
from api.filtering import Filter, as_number
from api.openapi import documented
from api.parsing import Body, Words, parse
from api.permissions import ASSOCIATIONS, CUSTOMS_HQ, OVERSIGHT, Roles
from api.scope.carnets import irregularities_for, irregularity_for, runs_for
from api.scope.reader import reader_of
from api.v1.carnets.bodies import IrregularityOut
from api.v1.carnets.presenting import present_irregularity
from carnets import irregularities, tasks
from carnets.choices import IrregularityStatus, RunStatus, Severity
from carnets.models import Irregularity, ReconciliationRun
from carnets.reconciliation import job
from carnets.reconciliation.catalogue import CATALOGUE
from tir.accounts.models import Role
from tir.celery import wake
from tir.kernel.clock import now

TAG = "reconciliation"
# What stopped a run may quote other countries' rows: it stays in the table, for the people who run the server.
RUN_FAILED = _("The run stopped before its end. What it had done stays done; ask for another run.")
SYSTEMS: Roles = frozenset({Role.SYSTEM})
CODES = sorted({comparison.code for comparison in CATALOGUE})


class ResolveBody(Body):
    """Customs accept the facts as no obstacle to discharge; the reason stays on record."""

    status: Literal["resolved"]
    reason: Annotated[str, Words(2000, 1)]


class RunOut(BaseModel):
    id: int
    status: Literal["queued", "running", "done", "failed"]
    requested_at: str
    started_at: str | None
    finished_at: str | None
    carnets: int
    examined: int
    discharged: int
    reopened: int
    flagged: int
    cured: int
    failure: str


class RunQueued(BaseModel):
    id: int
    status: str


@documented_list("List irregularities", operation="list_irregularities", rows=IrregularityOut, tag=TAG)
class Irregularities(ListEndpoint):
    """What reconciliation found, in the caller's scope."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT | SYSTEMS}

    filters = (
        Filter("code", "code", "Only this code of the catalogue.", choices=CODES),
        Filter("severity", "severity", "Only this severity.", choices=Severity.values),
        Filter("status", "status", "Only in this status.", choices=IrregularityStatus.values),
        Filter("carnet", "carnet__number", "Only of this carnet.", read=as_number),
    )

    def found(self, request: Request) -> Any:
        return irregularities_for(reader_of(request))

    def present(self, rows: list[Irregularity], request: Request) -> list[dict[str, Any]]:
        return [present_irregularity(item, item.carnet.number) for item in rows]


class OneIrregularity(Endpoint):
    """One irregularity; the customs of its country resolve it, with a reason."""

    allow: ClassVar = {"GET": CUSTOMS_HQ | ASSOCIATIONS | OVERSIGHT | SYSTEMS, "PATCH": CUSTOMS_HQ}

    @documented(
        "Read an irregularity",
        operation="read_irregularity",
        answers={200: IrregularityOut},
        problems=(404,),
        tag=TAG,
    )
    def get(self, request: Request, irregularity_id: int) -> Response:
        item = irregularity_for(reader_of(request), irregularity_id)
        return Response(present_irregularity(item, item.carnet.number))

    @documented(
        "Resolve an irregularity",
        operation="resolve_irregularity",
        body=ResolveBody,
        answers={200: IrregularityOut},
        problems=(404, 409),
        tag=TAG,
    )
    def patch(self, request: Request, irregularity_id: int) -> Response:
        body = parse(ResolveBody, request)
        item = irregularity_for(reader_of(request), irregularity_id)
        reader_of(request).ensure_acts_for(item.operation.country)
        irregularities.resolve(irregularity_id=item.pk, reason=body.reason, by=caller(request), at=now())
        item = irregularity_for(reader_of(request), irregularity_id)
        return Response(present_irregularity(item, item.carnet.number))


class Runs(Endpoint):
    """Ask for a reconciliation run: the same job as every minute's, on the same path. One run waits for each
    administration: asked again before it begins, it is the same."""

    allow: ClassVar = {"POST": CUSTOMS_HQ}

    @documented("Reconcile now", operation="request_run", answers={202: RunQueued}, tag=TAG)
    def post(self, request: Request) -> Response:
        run = job.request_run(by=caller(request), at=now())
        # If the broker is away, the next minute's beat finds the run in its table.
        transaction.on_commit(lambda: wake(tasks.reconcile, run_id=run.pk))
        return Response(
            {"id": run.pk, "status": run.status},
            status=status.HTTP_202_ACCEPTED,
            headers={"Location": f"/api/v1/reconciliation/runs/{run.pk}/"},
        )


class OneRun(Endpoint):
    """How far a run has come that the caller's administration asked for."""

    allow: ClassVar = {"GET": CUSTOMS_HQ}

    @documented(
        "Read a reconciliation run", operation="read_run", answers={200: RunOut}, problems=(404,), tag=TAG
    )
    def get(self, request: Request, run_id: int) -> Response:
        return Response(_present_run(get_object_or_404(runs_for(reader_of(request)), pk=run_id)))


def _present_run(run: ReconciliationRun) -> dict[str, Any]:
    """Return a run with its counts; what stopped it is told in one sentence, for its own may name others' rows."""
    return {
        "id": run.pk,
        "status": RunStatus(run.status).value,
        "requested_at": instant(run.requested_at),
        "started_at": instant(run.started_at),
        "finished_at": instant(run.finished_at),
        "carnets": run.carnets,
        "examined": run.examined,
        "discharged": run.discharged,
        "reopened": run.reopened,
        "flagged": run.flagged,
        "cured": run.cured,
        "failure": str(RUN_FAILED) if run.failure else "",
    }
