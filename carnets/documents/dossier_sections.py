"""From the facts of a dossier to what its paper shows, in the active language."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnets.choices import IrregularityStatus, LiabilityStatus, Made, OfficeRole, OperationStatus
from carnets.documents.dossier import Dossier, Section
from carnets.documents.grid import TableColumn
from carnets.reconciliation.catalogue import about
from guarantees.choices import ClaimStatus, DocumentKind, LiabilityEnding
from tir.kernel.rules import NOT_SAID

Facts = Mapping[str, Any]

STEPS: Final = {
    "open": gettext_lazy("non-discharge established"),
    "notify": gettext_lazy("notification to the association"),
    "notify_holder": gettext_lazy("notification to the holder"),
    "proceedings": gettext_lazy("proceedings about the debt"),
    "demand": gettext_lazy("claim for payment"),
    "contest": gettext_lazy("contest"),
    "pay": gettext_lazy("payment"),
    "reimburse": gettext_lazy("reimbursement"),
    "withdraw": gettext_lazy("withdrawal"),
}
ANSWERS: Final = {
    "too_early": gettext_lazy("too early"),
    "open": gettext_lazy("open"),
    "lapsed": gettext_lazy("lapsed"),
}
PIECES: Final = {
    "termination_certified": gettext_lazy("Termination is certified on voucher No. 2 of this operation."),
    "proof_accepted": gettext_lazy("Customs accepted this paper in place of the certificate."),
    "taken_over_further_on": gettext_lazy("The next customs office on the route took the load over."),
    "certified_last": gettext_lazy("The last certification on the route."),
    "counterfoil_returned": gettext_lazy("The stamped counterfoil came back with the carnet."),
}


def printed(facts: Facts, token: str, *, note: str = "") -> Dossier:
    """Return the dossier or the defence as it is printed."""
    is_claim = facts["kind"] == "dossier"
    return Dossier(
        title=_("Claim dossier") if is_claim else _("Defence: proof of termination"),
        number=facts["carnet"]["number"],
        page=facts["operation"]["pages"][0],
        token=token,
        lines=tuple(_lines(facts)),
        sections=tuple(_claim_sections(facts) if is_claim else _defence_sections(facts)),
        document_hash=facts["hash"],
        language=facts["language"],
        hash_label=_("document hash"),
        page_label=_("page {page} of {pages}"),
        note=note,
    )


def _lines(facts: Facts) -> Iterable[tuple[str, str]]:
    carnet, operation = facts["carnet"], facts["operation"]
    holder, issuer = carnet["holder"], carnet["issuer"]
    yield _("Holder"), f"{holder['id']}, {holder['name']}, {holder['address']}"
    yield _("Issuing association"), f"{issuer['code']} {issuer['name']}"
    yield _("Registration No(s)."), ", ".join(carnet["plates"]) or NOT_SAID
    yield _("TIR operation"), _operation_line(operation)
    yield _("Accepted"), _place(operation["start"])
    yield _("Terminated"), _place(operation["termination"])
    yield _("Liability"), _liability(operation)
    if claim := facts.get("claim"):
        yield _("Claim"), _claim_line(claim)
    yield _("State of"), facts["as_of"]


def _operation_line(operation: Facts) -> str:
    status = OperationStatus(operation["status"]).label
    planned = " → ".join(part for part in operation["planned"] if part) or _("not planned")
    return f"{operation['sequence']}, {operation['territory']} ({operation['country']}): {planned}; {status}"


def _liability(operation: Facts) -> str:
    ended_by = operation["liability_ended_by"]
    parts = [
        LiabilityStatus(operation["liability"]).label,
        LiabilityEnding(ended_by).label if ended_by else "",
    ]
    if operation["guarantor"]:
        parts.append(f"{operation['guarantor']}, {operation['borne']} {operation['currency']}".rstrip())
    return "; ".join(str(part) for part in parts if part)


def _claim_line(claim: Facts) -> str:
    money = f"{claim['amount']} {claim['currency']}" if claim["amount"] else NOT_SAID
    return f"{claim['id']}; {ClaimStatus(claim['status']).label}; {money}"


def _claim_sections(facts: Facts) -> Iterable[Section]:
    claim = facts["claim"]
    yield _checks(claim)
    yield _clocks(claim)
    yield _history(claim)
    yield _documents(claim)
    yield from _record(facts)


def _defence_sections(facts: Facts) -> Iterable[Section]:
    yield Section(
        _("What proves that the operation was terminated"),
        (TableColumn(_("what"), 60), TableColumn(_("page"), 13),
         TableColumn(_("office"), 20), TableColumn(_("when"), 31),
         TableColumn(_("seals"), 18), TableColumn(_("hash")), TableColumn(_("article"), 20)),
        tuple(_piece(row) for row in facts["evidence"]),
        _("Nothing on record shows that this operation was terminated."),
    )  # fmt: skip
    yield from _record(facts)


def _record(facts: Facts) -> Iterable[Section]:
    """What both documents show of the carnet's own record."""
    yield _irregularities(facts["irregularities"])
    yield _reports(facts["reports"])
    yield _controls(facts["controls"])
    yield _proofs(facts["proofs"])
    yield _stamps(facts["stamps"])


def _piece(row: Facts) -> tuple[str, ...]:
    packages = _("{count} packages").format(count=row["packages"]) if row["packages"] is not None else ""
    shows = " ".join(part for part in (str(PIECES[row["code"]]), row["reservation"]) if part)
    seals = "\n".join(part for part in (_intact(row["seals_intact"]), packages) if part)
    return (
        shows,
        _said(row["page"]),
        _said(row["office"]),
        _time(row["at"]),
        seals,
        row["hash"],
        row["article"],
    )


def _checks(claim: Facts) -> Section:
    return Section(
        _("Conditions of the claim"),
        (TableColumn("", 9), TableColumn(_("condition")), TableColumn(_("article"), 28)),
        tuple(("✔" if row["holds"] else "✖", row["detail"], row["article"]) for row in claim["checks"]),
    )


def _clocks(claim: Facts) -> Section:
    return Section(
        _("Clocks"),
        (TableColumn(_("step")), TableColumn(_("first day"), 27), TableColumn(_("last day"), 27),
         TableColumn(_("on that day"), 27), TableColumn(_("article"), 28)),
        tuple(
            (str(STEPS[row["step"]]), _said(row["earliest"]), _said(row["latest"]), str(ANSWERS[row["answer"]]),
             row["article"])
            for row in claim["clocks"]
        ),
    )  # fmt: skip


def _history(claim: Facts) -> Section:
    return Section(
        _("History of the claim"),
        (TableColumn(_("day"), 20), TableColumn(_("step"), 42), TableColumn(_("said")), TableColumn(_("recorded"), 31),
         TableColumn(_("by"), 32)),
        tuple(
            (row["on"], str(STEPS[row["verb"]]), row["remark"] or NOT_SAID, _time(row["recorded_at"]), row["by"])
            for row in claim["events"]
        ),
    )  # fmt: skip


def _documents(claim: Facts) -> Section:
    return Section(
        _("Documents"),
        (
            TableColumn(_("kind"), 42),
            TableColumn(_("name"), 50),
            TableColumn(_("bytes"), 20),
            TableColumn("SHA-256"),
        ),
        tuple(
            (str(DocumentKind(row["kind"]).label), row["name"], str(row["size"]), row["sha256"])
            for row in claim["documents"]
        ),
        _("No document was added."),
    )


def _irregularities(rows: Iterable[Facts]) -> Section:
    return Section(
        _("Irregularities"),
        (TableColumn(_("page"), 13), TableColumn(_("what")), TableColumn(_("status"), 30), TableColumn(_("since"), 31),
         TableColumn(_("article"), 28)),
        tuple(_irregularity(row) for row in rows),
        _("None is on record."),
    )  # fmt: skip


def _irregularity(row: Facts) -> tuple[str, ...]:
    comparison = about(row["code"], row["page"])
    status = "\n".join(
        part for part in (str(IrregularityStatus(row["status"]).label), row["close_reason"]) if part
    )
    return str(row["page"]), str(comparison.message), status, _time(row["opened_at"]), comparison.article


def _reports(rows: Iterable[Facts]) -> Section:
    return Section(
        _("Certified reports"),
        (TableColumn(_("when"), 31), TableColumn(_("office"), 20), TableColumn(_("what")), TableColumn(_("seals"), 45)),
        tuple(
            (_time(row["occurred_at"]), row["office"], row["description"],
             "\n".join((_seals("−", row["seals_broken"]), _seals("+", row["seals_affixed"]))).strip())
            for row in rows
        ),
        _("None is on record."),
    )  # fmt: skip


def _controls(rows: Iterable[Facts]) -> Section:
    return Section(
        _("Controls on the way"),
        (TableColumn(_("when"), 31), TableColumn(_("office"), 20), TableColumn(_("what")), TableColumn(_("seals"), 45)),
        tuple(
            (_time(row["occurred_at"]), row["office"], " ".join(part for part in (row["said"], row["text"]) if part),
             "\n".join((_seals("−", row["seals_removed"]), _seals("+", row["seals_affixed"]))).strip())
            for row in rows
        ),
        _("None is on record."),
    )  # fmt: skip


def _proofs(rows: Iterable[Facts]) -> Section:
    return Section(
        _("Proofs in place of a certificate"),
        (TableColumn(_("page"), 13), TableColumn(_("what")), TableColumn(_("issued by"), 45), TableColumn(_("day"), 20),
         TableColumn(_("accepted"), 40)),
        tuple(
            (str(row["page"]), row["said"], row["issuer"], row["date"],
             f"{row['accepted_by']}, {_time(row['accepted_at'])}" if row["accepted_at"] else _("not accepted yet"))
            for row in rows
        ),
        _("None is on record."),
    )  # fmt: skip


def _stamps(rows: Iterable[Facts]) -> Section:
    return Section(
        _("Stamps, with the chain of their hashes"),
        (TableColumn(_("number"), 12), TableColumn(_("page"), 13), TableColumn(_("role and office"), 33),
         TableColumn(_("when"), 31), TableColumn(_("seals"), 33), TableColumn("SHA-256")),
        tuple(_stamp(row) for row in rows),
        _("No stamp is on record."),
    )  # fmt: skip


def _stamp(row: Facts) -> tuple[str, ...]:
    if row.get("withheld"):
        return str(row["sequence"]), "", _("another territory"), "", "", row["hash"]
    role = f"{OfficeRole(row['role']).label}\n{row['office']}"
    removed = _seals("−", row["seals_removed"] or ())
    what = [_intact(row["seals_intact"]), ", ".join(row["seals"]), removed, row["reservation"]]
    if row["made"] != Made.ONLINE:
        what.append(str(Made(row["made"]).label))
    if row["cancels"]:
        what.append(_("cancels an earlier stamp"))
    return (
        str(row["sequence"]), str(row["page"]), role, _time(row["occurred_at"]),
        "\n".join(part for part in what if part), row["hash"],
    )  # fmt: skip


def _intact(value: bool | None) -> str:
    if value is None:
        return ""
    return _("intact") if value else _("not intact")


def _seals(sign: str, names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"{sign} {listed}" if listed else ""


def _place(pair: Iterable[Any]) -> str:
    office, at = pair
    return f"{office}, {_time(at)}" if at else NOT_SAID


def _time(value: str | None) -> str:
    """A time in UTC to the minute, or a bare day as it is."""
    if not value:
        return NOT_SAID
    return f"{value[:10]} {value[11:16]} UTC" if "T" in value else value


def _said(value: Any) -> str:
    return NOT_SAID if value is None else str(value)
