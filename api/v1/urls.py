"""Every address of version 1. `tests/api/matrix.py` has a row for each: one without fails `test_matrix.py`."""

from typing import Any, ClassVar

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request

from api.converters import (
    APPROVAL,
    ASSOCIATION,
    CLAIM,
    COSIGNED,
    CROSSING,
    DAY,
    ENDED,
    HOLDER,
    LEVEL,
    NUMBER,
    OFFICE,
    PERSON,
    PLACE,
    POSTING,
    QUERY,
    REQUEST,
    TERRITORY,
)
from api.endpoints import Endpoint
from api.permissions import EVERYONE
from api.v1.accounts import oauth, second_factor, services
from api.v1.accounts import views as accounts
from api.v1.annex10 import views as annex10
from api.v1.audit import views as audit
from api.v1.carnets import views as carnets
from api.v1.checkpoints import controls
from api.v1.checkpoints import views as checkpoints
from api.v1.claims import deadlines, dossiers, steps
from api.v1.claims import views as claims
from api.v1.confirming import views as confirming
from api.v1.guarantees.liability import views as liability
from api.v1.holders import views as holders
from api.v1.log import proving, witnesses
from api.v1.log import reading as log
from api.v1.people import postings
from api.v1.people import views as people
from api.v1.post import devices, handing_in, handover, holding
from api.v1.problems import Problems
from api.v1.reconciliation import views as reconciliation
from api.v1.registers import approvals
from api.v1.registers import views as registers


class Schema(Endpoint, SpectacularAPIView):
    """The OpenAPI document."""

    allow: ClassVar = {"GET": EVERYONE}
    authentication_classes = ()


# What Swagger's own page needs: our files, its drawings as data.
DOCUMENTATION = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class Docs(Endpoint, SpectacularSwaggerSplitView):
    """The OpenAPI document to browse; its scripts are served from here, and none stands in the page."""

    template_name = "api/docs.html"

    allow: ClassVar = {"GET": EVERYONE}
    authentication_classes = ()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Content-Security-Policy"] = DOCUMENTATION
        return answer


urlpatterns = [
    # What posts call all day stands first: addresses are tried in order.
    path("scans/", checkpoints.Scans.as_view(), name="scans"),
    path("stamps/", checkpoints.Stamps.as_view(), name="stamps"),
    path("stamps/batch/", checkpoints.StampBatch.as_view(), name="stamps-batch"),
    path("auth/token/", accounts.SignIn.as_view(), name="auth-token"),
    path("auth/second-factor/", second_factor.SecondFactor.as_view(), name="auth-second-factor"),
    path(
        "auth/second-factor/confirm/",
        second_factor.ConfirmSecondFactor.as_view(),
        name="auth-second-factor-confirm",
    ),
    path("auth/password/", accounts.ChangePassword.as_view(), name="auth-password"),
    path("auth/logout/", accounts.SignOut.as_view(), name="auth-logout"),
    path("users/", people.People.as_view(), name="users"),
    path("users/access/", people.Access.as_view(), name="users-access"),
    path("users/accept/", people.Accept.as_view(), name="users-accept"),
    re_path(rf"^users/{PERSON}/$", people.OnePerson.as_view(), name="user"),
    *[
        re_path(rf"^users/{PERSON}/{words}/$", view.as_view(), name=f"user-{name}")
        for name, words, view in (
            ("deactivate", "deactivate", people.Deactivate),
            ("reactivate", "reactivate", people.Reactivate),
            ("invitation", "invitation", people.InviteAgain),
            ("invitation-revoke", "invitation/revoke", people.RevokeInvitation),
            ("password-link", "password-link", people.PasswordLink),
            ("postings", "postings", postings.Postings),
            ("posting-end", f"postings/{POSTING}/end", postings.EndPosting),
            ("hand-over", "hand-over", postings.HandOver),
        )
    ],
    path("carnets/", carnets.Carnets.as_view(), name="carnets"),
    re_path(rf"^carnets/{NUMBER}/$", carnets.OneCarnet.as_view(), name="carnet"),
    re_path(rf"^carnets/{NUMBER}/document\.pdf$", carnets.Document.as_view(), name="carnet-document"),
    re_path(rf"^carnets/{NUMBER}/qr\.svg$", carnets.QrCode.as_view(), name="carnet-qr-svg"),
    re_path(rf"^carnets/{NUMBER}/qr\.png$", carnets.QrCodePng.as_view(), name="carnet-qr-png"),
    re_path(rf"^carnets/{NUMBER}/invalidate/$", carnets.Invalidate.as_view(), name="carnet-invalidate"),
    re_path(rf"^carnets/{NUMBER}/report-lost/$", carnets.ReportLost.as_view(), name="carnet-report-lost"),
    re_path(rf"^carnets/{NUMBER}/found/$", carnets.ReportFound.as_view(), name="carnet-found"),
    re_path(rf"^carnets/{NUMBER}/return/$", carnets.Return.as_view(), name="carnet-return"),
    path("unsent/", handing_in.Unsent.as_view(), name="unsent"),
    # Its first name, kept for phones that know it; the schema has the new one alone.
    path("stamps/import/", handing_in.Unsent.as_view(schema=None), name="stamps-import"),
    path("stamps/<uuid:stamp_id>/", checkpoints.OneStamp.as_view(), name="stamp"),
    path("stamps/<uuid:stamp_id>/proof", proving.StampProof.as_view(), name="stamp-proof"),
    path("refusals/", checkpoints.Refusals.as_view(), name="refusals"),
    path("refusals/<uuid:refusal_id>/", checkpoints.OneRefusal.as_view(), name="refusal"),
    path("refusals/<uuid:refusal_id>/proof", proving.RefusalProof.as_view(), name="refusal-proof"),
    path("incidents/", checkpoints.Incidents.as_view(), name="incidents"),
    path("incidents/<uuid:incident_id>/", checkpoints.OneIncident.as_view(), name="incident"),
    path("incidents/<uuid:incident_id>/proof", proving.ReportProof.as_view(), name="incident-proof"),
    path("controls/<uuid:control_id>/proof", proving.ControlProof.as_view(), name="control-proof"),
    path("controls/", controls.Controls.as_view(), name="controls"),
    path("proofs/", controls.Proofs.as_view(), name="proofs"),
    path("proofs/<uuid:proof_id>/accept/", controls.AcceptProof.as_view(), name="proof-accept"),
    path("post/bundle/", holding.Bundle.as_view(), name="post-bundle"),
    path("post/carnets/", holding.DueCarnets.as_view(), name="post-carnets"),
    path("post/handover.pdf", handover.Handover.as_view(), name="post-handover"),
    path("oauth/token/", oauth.AccessTokens.as_view(), name="oauth-token"),
    path("service-accounts/", services.ServiceAccounts.as_view(), name="service-accounts"),
    *[
        re_path(
            rf"^service-accounts/(?P<client_id>[A-Za-z0-9]{{1,100}})/{verb}/$",
            view.as_view(),
            name=f"service-account-{verb}",
        )
        for verb, view in (
            ("rotate", services.Rotate),
            ("networks", services.Restrict),
            ("end", services.End),
        )
    ],
    path("devices/", devices.Devices.as_view(), name="devices"),
    path("devices/events/", devices.DeviceEvents.as_view(), name="device-events"),
    path("devices/<uuid:device_id>/heartbeat/", devices.Heartbeat.as_view(), name="device-heartbeat"),
    path("devices/<uuid:device_id>/revoke/", devices.Revoke.as_view(), name="device-revoke"),
    path("devices/<uuid:device_id>/settle/", devices.Settle.as_view(), name="device-settle"),
    path("offices/", registers.Offices.as_view(), name="offices"),
    re_path(rf"^offices/{OFFICE}/$", registers.OneOffice.as_view(), name="office"),
    path("crossings/", registers.Crossings.as_view(), name="crossings"),
    re_path(rf"^crossings/{CROSSING}/$", registers.OneCrossing.as_view(), name="crossing"),
    path("territories/", registers.Territories.as_view(), name="territories"),
    re_path(rf"^territories/{TERRITORY}/$", registers.OneTerritory.as_view(), name="territory"),
    re_path(rf"^territories/{TERRITORY}/members/$", registers.Members.as_view(), name="members"),
    path(f"members/<slug:country>/{DAY}/", registers.OneMember.as_view(), name="member"),
    path("associations/", registers.Associations.as_view(), name="associations"),
    re_path(rf"^associations/{ASSOCIATION}/$", registers.OneAssociation.as_view(), name="association"),
    re_path(rf"^associations/{ASSOCIATION}/maxima/$", registers.Maxima.as_view(), name="maxima"),
    path("clocks/", registers.Clocks.as_view(), name="clocks"),
    path(f"clocks/<slug:clock>/<slug:territory>/{DAY}/", registers.OneClock.as_view(), name="clock"),
    path("approval-rules/", approvals.ApprovalRules.as_view(), name="approval-rules"),
    path("approvals/", approvals.Approvals.as_view(), name="approvals"),
    re_path(rf"^approvals/{APPROVAL}/approve/$", approvals.Approve.as_view(), name="approval-approve"),
    re_path(rf"^approvals/{APPROVAL}/refuse/$", approvals.Refuse.as_view(), name="approval-refuse"),
    path("holders/", holders.Holders.as_view(), name="holders"),
    re_path(rf"^holders/{HOLDER}/$", holders.OneHolder.as_view(), name="holder"),
    *[
        re_path(rf"^holders/{HOLDER}/{verb}/$", view.as_view(), name=f"holder-{verb}")
        for verb, view in (
            ("suspend", holders.Suspend),
            ("resume", holders.Resume),
            ("withdraw", holders.WithdrawAuthorisation),
            ("end", holders.EndActivity),
            ("quota", holders.SetQuota),
            ("exclusions", holders.Exclusions),
        )
    ],
    re_path(
        rf"^holders/{HOLDER}/exclusions/(?P<exclusion_id>[0-9]{{1,18}})/lift/$",
        holders.LiftExclusion.as_view(),
        name="exclusion-lift",
    ),
    path("number-ranges/", holders.NumberRanges.as_view(), name="number-ranges"),
    re_path(r"^number-ranges/(?P<first>[0-9]{1,9})/$", registers.OneRange.as_view(), name="number-range"),
    path("terminations/", annex10.Terminations.as_view(), name="terminations"),
    path("terminations/feed/", annex10.TerminationsFeed.as_view(), name="terminations-feed"),
    path("terminations.csv", annex10.TerminationsCsv.as_view(), name="terminations-csv"),
    path(f"safetir/{DAY}/", annex10.SafetirDay.as_view(), name="safetir-day"),
    path(
        "reconciliation-requests/",
        annex10.ReconciliationRequests.as_view(),
        name="reconciliation-requests",
    ),
    re_path(
        rf"^reconciliation-requests/{REQUEST}/$",
        annex10.OneReconciliationRequest.as_view(),
        name="reconciliation-request",
    ),
    re_path(
        rf"^reconciliation-requests/{REQUEST}/answer/$",
        annex10.AnswerRequest.as_view(),
        name="reconciliation-request-answer",
    ),
    re_path(
        rf"^reconciliation-requests/{REQUEST}/forward/$",
        annex10.ForwardRequest.as_view(),
        name="reconciliation-request-forward",
    ),
    path("guarantees/", registers.Guarantees.as_view(), name="guarantees"),
    path("guarantees/confirm/", confirming.Confirm.as_view(), name="guarantee-confirm"),
    path("guarantees/queries/", confirming.Queries.as_view(), name="guarantee-queries"),
    re_path(
        rf"^guarantees/queries/{QUERY}/confirm/$",
        confirming.ConfirmByHand.as_view(),
        name="guarantee-query-confirm",
    ),
    # Their first name, kept for clients that know it; the schema has the new one alone.
    path("guarantees/enquiries/", confirming.Queries.as_view(schema=None), name="guarantee-enquiries"),
    re_path(
        rf"^guarantees/enquiries/{QUERY}/confirm/$",
        confirming.ConfirmByHand.as_view(schema=None),
        name="guarantee-enquiry-confirm",
    ),
    re_path(
        r"^guarantees/(?P<reference>[^/\x00]{1,35})/$",
        registers.OneGuarantee.as_view(),
        name="guarantee",
    ),
    re_path(
        r"^guarantees/(?P<reference>[^/\x00]{1,35})/ceilings/$",
        registers.Ceilings.as_view(),
        name="guarantee-ceilings",
    ),
    re_path(
        r"^associations/(?P<code>[0-9]{3})/liability/$",
        liability.AssociationLiability.as_view(),
        name="association-liability",
    ),
    re_path(
        r"^associations/(?P<code>[0-9]{3})/liability/operations/$",
        liability.OperationsAtStake.as_view(),
        name="association-liability-operations",
    ),
    path("irregularities/", reconciliation.Irregularities.as_view(), name="irregularities"),
    re_path(
        r"^irregularities/(?P<irregularity_id>[0-9]{1,18})/$",
        reconciliation.OneIrregularity.as_view(),
        name="irregularity",
    ),
    path("reconciliation/runs/", reconciliation.Runs.as_view(), name="reconciliation-runs"),
    re_path(
        r"^reconciliation/runs/(?P<run_id>[0-9]{1,18})/$",
        reconciliation.OneRun.as_view(),
        name="reconciliation-run",
    ),
    path("claims/", claims.Claims.as_view(), name="claims"),
    re_path(rf"^claims/{CLAIM}/$", claims.OneClaim.as_view(), name="claim"),
    *[
        re_path(rf"^claims/{CLAIM}/{verb}/$", view.as_view(), name=f"claim-{verb}")
        for verb, view in (
            ("notify", steps.Notify),
            ("notify-holder", steps.NotifyHolder),
            ("acknowledge", steps.Acknowledge),
            ("proceedings", steps.Proceedings),
            ("demand", steps.Demand),
            ("letters", steps.Letter),
            ("pay", steps.Pay),
            ("contest", steps.Contest),
            ("reimburse", steps.Reimburse),
            ("withdraw", steps.Withdraw),
            ("documents", claims.Documents),
        )
    ],
    path("problems/", Problems.as_view(), name="problems"),
    re_path(
        rf"^claims/{CLAIM}/documents/(?P<document_id>[0-9]{{1,18}})/$",
        claims.OneDocument.as_view(),
        name="claim-document",
    ),
    re_path(rf"^claims/{CLAIM}/dossier\.pdf$", dossiers.DossierPdf.as_view(), name="claim-dossier-pdf"),
    re_path(rf"^claims/{CLAIM}/dossier\.json$", dossiers.DossierJson.as_view(), name="claim-dossier-json"),
    re_path(rf"^carnets/{NUMBER}/defence\.pdf$", dossiers.DefencePdf.as_view(), name="carnet-defence-pdf"),
    re_path(rf"^carnets/{NUMBER}/defence\.json$", dossiers.DefenceJson.as_view(), name="carnet-defence-json"),
    path("deadlines/", deadlines.Deadlines.as_view(), name="deadlines"),
    path("deadlines/calendar.ics", deadlines.DeadlinesCalendar.as_view(), name="deadlines-calendar"),
    path("notices/", deadlines.Notices.as_view(), name="notices"),
    path("notices/feed/", deadlines.NoticesFeed.as_view(), name="notices-feed"),
    re_path(
        r"^notices/(?P<notice_id>[0-9]{1,18})/read/$", deadlines.ReadNotice.as_view(), name="notice-read"
    ),
    # The log, at the addresses of c2sp.org/tlog-tiles: without a slash at the end.
    path("log/", log.LogFacts.as_view(), name="log"),
    # Each prefix has the four: who reads logs by a prefix reads an ended one so, or what witnesses have signed.
    re_path("^log/checkpoint$", log.NewestCheckpoint.as_view(), name="log-checkpoint"),
    re_path(rf"^log/{COSIGNED}checkpoint$", log.CosignedCheckpoint.as_view(), name="cosigned-log-checkpoint"),
    re_path(
        rf"^log/{ENDED}checkpoint$", log.NewestCheckpoint.as_view(schema=None), name="ended-log-checkpoint"
    ),
    *[
        re_path(rf"^log/{below}{address}$", view.as_view(**options), name=f"{kind}-{name}")
        for below, kind, options in (
            ("", "log", {}),
            (ENDED, "ended-log", {"schema": None}),
            (COSIGNED, "cosigned-log", {"schema": None}),
        )
        for address, view, name in (
            (rf"tile/entries/{PLACE}", log.EntryBundle, "entries"),
            (rf"tile/{LEVEL}/{PLACE}", log.TileFile, "tile"),
            ("proof", log.TreeProofs, "proof"),
        )
    ],
    path("log/add-checkpoint", witnesses.AddCheckpoint.as_view(), name="log-add-checkpoint"),
    path("log/cosignatures", witnesses.Cosignatures.as_view(), name="log-cosignatures"),
    path("audit/", audit.AuditEvents.as_view(), name="audit"),
    re_path(r"^audit/(?P<event_id>[0-9]{1,18})/$", audit.OneAuditEvent.as_view(), name="audit-event"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(url_name="schema"), name="docs"),
]
