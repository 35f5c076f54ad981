"""What the paper of a dossier shows: from plain facts, made by hand, to lines and the rows of its tables."""

from typing import Any

import pytest
from django.utils import translation

from carnets.documents.dossier import Dossier, Section
from carnets.documents.dossier_sections import printed

Facts = dict[str, Any]
HASH = "0123456789abcdef" * 4
RECORD: Facts = {"irregularities": [], "reports": [], "controls": [], "proofs": [], "stamps": []}
OPERATION: Facts = {
    "sequence": 2, "pages": [3, 4], "territory": "EAEU", "country": "KZ", "status": "started",
    "planned": ["KZHOR001", "KZQZQ001"], "start": ["KZHOR001", "2026-03-03T13:00:00Z"],
    "termination": [None, None], "liability": "borne", "liability_ended_by": "", "guarantor": "085",
    "borne": "60000.00", "currency": "EUR",
}  # fmt: skip
CARNET: Facts = {
    "number": "XZ99000001", "plates": ["01KZ123ABC", "02KZ456DEF"], "issuer": {"code": "071", "name": "CN"},
    "holder": {"id": "CHN/071/1001", "name": "Silk Road Haulage", "address": "1 Beijing Rd, Urumqi"},
}  # fmt: skip
CLAIM: Facts = {
    "id": 7, "status": "opened", "amount": None, "currency": "", "checks": [], "clocks": [], "events": [],
    "documents": [],
}  # fmt: skip
STAMP: Facts = {
    "sequence": 3, "page": 3, "role": "entry", "office": "KZHOR001", "occurred_at": "2026-03-03T13:00:00Z",
    "made": "online", "seals_intact": True, "seals": ["A-1", "A-2"], "seals_removed": None, "reservation": "",
    "cancels": None, "hash": HASH,
}  # fmt: skip
PIECE: Facts = {
    "code": "taken_over_further_on", "article": "art. 10", "page": 5, "office": "UZYAL001",
    "at": "2026-03-04T09:05:59Z", "seals_intact": True, "packages": 420, "reservation": "two cartons wet",
    "hash": HASH,
}  # fmt: skip


def paper(
    *, carnet: Facts | None = None, operation: Facts | None = None, claim: Facts | None = None, **said: Any
) -> Dossier:
    """Return the printed dossier of a claim; of a defence where `evidence` is said."""
    facts = {
        "kind": "defence" if "evidence" in said else "dossier", "as_of": "2026-08-01", "language": "en",
        "hash": HASH, "carnet": {**CARNET, **(carnet or {})}, "operation": {**OPERATION, **(operation or {})},
        **RECORD, **said,
    }  # fmt: skip
    if facts["kind"] == "dossier":
        facts["claim"] = {**CLAIM, **(claim or {})}
    return printed(facts, "token")


def section(title: str, **said: Any) -> Section:
    [found] = [section for section in paper(**said).sections if section.title == title]
    return found


def line(label: str, **said: Any) -> str:
    return dict(paper(**said).lines)[label]


class TestPaper:
    def test_says_whose_it_is_and_what_seals_it(self) -> None:
        dossier = paper()

        assert (dossier.number, dossier.page, dossier.token) == ("XZ99000001", 3, "token")
        assert (dossier.document_hash, dossier.language) == (HASH, "en")

    def test_of_a_claim_has_its_law_before_the_record(self) -> None:
        dossier = paper()

        assert dossier.title == "Claim dossier"
        assert [section.title for section in dossier.sections] == [
            "Conditions of the claim", "Clocks", "History of the claim", "Documents", "Irregularities",
            "Certified reports", "Controls on the way", "Proofs in place of a certificate",
            "Stamps, with the chain of their hashes",
        ]  # fmt: skip

    def test_of_a_defence_has_what_proves_the_termination_before_the_record(self) -> None:
        dossier = paper(evidence=[])

        assert dossier.title == "Defence: proof of termination"
        assert [section.title for section in dossier.sections] == [
            "What proves that the operation was terminated", "Irregularities", "Certified reports",
            "Controls on the way", "Proofs in place of a certificate", "Stamps, with the chain of their hashes",
        ]  # fmt: skip
        assert dossier.sections[0].empty == "Nothing on record shows that this operation was terminated."
        assert "Claim" not in dict(dossier.lines)

    @pytest.mark.parametrize(
        ("language", "title"),
        [("en", "Claim dossier"), ("ru", "Досье требования"), ("zh-hans", "索赔案卷")],
    )
    def test_is_in_the_active_language(self, language: str, title: str) -> None:
        with translation.override(language):
            assert paper().title == title

    @pytest.mark.parametrize("evidence", [{}, {"evidence": [PIECE]}])
    def test_fills_every_column_of_a_table(self, evidence: Facts) -> None:
        dossier = paper(
            stamps=[STAMP, {"sequence": 4, "previous_hash": HASH, "hash": HASH, "withheld": True}],
            irregularities=[IRREGULARITY], reports=[REPORT], controls=[CONTROL], proofs=[PROOF],
            claim={"checks": [CHECK], "clocks": [CLOCK], "events": [STEP], "documents": [DOCUMENT]}, **evidence,
        )  # fmt: skip

        for section in dossier.sections:
            assert section.rows, section.title
            assert {len(row) for row in section.rows} == {len(section.columns)}, section.title


class TestLines:
    def test_name_the_holder_the_association_and_the_lorries(self) -> None:
        assert line("Holder") == "CHN/071/1001, Silk Road Haulage, 1 Beijing Rd, Urumqi"
        assert line("Issuing association") == "071 CN"
        assert line("Registration No(s).") == "01KZ123ABC, 02KZ456DEF"
        assert line("Registration No(s).", carnet={"plates": []}) == "—"
        assert line("State of") == "2026-08-01"

    @pytest.mark.parametrize(
        ("planned", "said"),
        [
            (["KZHOR001", "KZQZQ001"], "2, EAEU (KZ): KZHOR001 → KZQZQ001; started"),
            (["KZHOR001", ""], "2, EAEU (KZ): KZHOR001; started"),
            (["", ""], "2, EAEU (KZ): not planned; started"),
        ],
    )
    def test_say_how_the_operation_was_planned_and_stands(self, planned: list[str], said: str) -> None:
        assert line("TIR operation", operation={"planned": planned}) == said

    def test_give_times_in_utc_to_the_minute_and_none_where_nothing_was_recorded(self) -> None:
        assert line("Accepted") == "KZHOR001, 2026-03-03 13:00 UTC"
        assert line("Terminated") == "—"

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({}, "borne from acceptance or entry; 085, 60000.00 EUR"),
            ({"liability": "ended", "liability_ended_by": "paid"}, "ended; paid; 085, 60000.00 EUR"),
            ({"liability": "none", "guarantor": None}, "none yet"),
        ],
    )
    def test_say_who_is_liable_for_how_much_and_what_ended_it(self, changes: Facts, said: str) -> None:
        assert line("Liability", operation=changes) == said

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({}, "7; non-discharge established; —"),
            (
                {"status": "claimed", "amount": "1200.00", "currency": "EUR"},
                "7; payment claimed; 1200.00 EUR",
            ),
        ],
    )
    def test_say_how_the_claim_stands_and_what_is_claimed(self, changes: Facts, said: str) -> None:
        assert line("Claim", claim=changes) == said


CHECK: Facts = {"code": "in_time", "holds": True, "detail": "Notified in time.", "article": "art. 11(1)"}
CLOCK: Facts = {
    "step": "notify", "earliest": None, "latest": "2027-03-03", "answer": "lapsed", "article": "art. 11(1)",
}  # fmt: skip
STEP: Facts = {
    "on": "2026-05-15", "verb": "notify", "remark": "", "recorded_at": "2026-05-16T08:00:00Z", "by": "hq-kz",
}  # fmt: skip
DOCUMENT: Facts = {"kind": "payment", "name": "receipt.pdf", "size": 1024, "sha256": HASH}


class TestTheClaim:
    @pytest.mark.parametrize(("holds", "mark"), [(True, "✔"), (False, "✖")])
    def test_ticks_the_conditions_that_hold(self, holds: bool, mark: str) -> None:
        rows = section("Conditions of the claim", claim={"checks": [{**CHECK, "holds": holds}]}).rows

        assert rows == ((mark, "Notified in time.", "art. 11(1)"),)

    def test_says_how_each_clock_stands_on_that_day(self) -> None:
        rows = section("Clocks", claim={"clocks": [CLOCK]}).rows

        assert rows == (("notification to the association", "—", "2027-03-03", "lapsed", "art. 11(1)"),)

    @pytest.mark.parametrize(("remark", "said"), [("", "—"), ("By post.", "By post.")])
    def test_tells_its_steps_and_who_took_them(self, remark: str, said: str) -> None:
        rows = section("History of the claim", claim={"events": [{**STEP, "remark": remark}]}).rows

        assert rows == (
            ("2026-05-15", "notification to the association", said, "2026-05-16 08:00 UTC", "hq-kz"),
        )  # fmt: skip

    def test_lists_its_documents_or_says_that_there_are_none(self) -> None:
        rows = section("Documents", claim={"documents": [DOCUMENT]}).rows

        assert rows == (("proof of payment", "receipt.pdf", "1024", HASH),)
        assert section("Documents").rows == ()
        assert section("Documents").empty == "No document was added."


class TestAPieceOfProof:
    @pytest.mark.parametrize(
        ("changes", "shows", "seals"),
        [
            ({}, "The next customs office on the route took the load over. two cartons wet", "intact\n420 packages"),
            (
                {"code": "certified_last", "reservation": "", "seals_intact": False, "packages": None},
                "The last certification on the route.", "not intact",
            ),
            ({"code": "counterfoil_returned", "reservation": "", "seals_intact": None, "packages": 0},
             "The stamped counterfoil came back with the carnet.", "0 packages"),
        ],
    )  # fmt: skip
    def test_says_what_it_shows_and_how_the_load_was(self, changes: Facts, shows: str, seals: str) -> None:
        [row] = section("What proves that the operation was terminated", evidence=[{**PIECE, **changes}]).rows

        assert row == (shows, "5", "UZYAL001", "2026-03-04 09:05 UTC", seals, HASH, "art. 10")

    @pytest.mark.parametrize(("at", "said"), [("2026-03-04", "2026-03-04"), (None, "—")])
    def test_may_be_dated_by_the_day_alone_or_not_at_all(self, at: str | None, said: str) -> None:
        [row] = section("What proves that the operation was terminated", evidence=[{**PIECE, "at": at}]).rows

        assert row[3] == said


IRREGULARITY: Facts = {
    "code": "missing_stamp", "page": 4, "status": "open", "opened_at": "2026-04-11T06:00:00Z",
    "close_reason": "",
}  # fmt: skip
REPORT: Facts = {
    "occurred_at": "2026-03-04T06:00:00Z", "office": "KZHOR001", "description": "Seals cut at night.",
    "seals_broken": ["A-1", "A-2"], "seals_affixed": ["N-1"],
}  # fmt: skip
CONTROL: Facts = {
    "occurred_at": "2026-03-05T06:00:00Z", "office": "KZALA001", "said": "weighing: satisfactory",
    "text": "8200 kg", "seals_removed": [], "seals_affixed": ["C-1"],
}  # fmt: skip
PROOF: Facts = {
    "page": 4, "said": "consumption document", "issuer": "Customs of KZ", "date": "2026-03-04",
    "accepted_at": None, "accepted_by": None,
}  # fmt: skip


class TestTheRecord:
    @pytest.mark.parametrize("title", ["Irregularities", "Certified reports", "Controls on the way",
                                       "Proofs in place of a certificate"])  # fmt: skip
    def test_says_that_there_is_none(self, title: str) -> None:
        assert (section(title).rows, section(title).empty) == ((), "None is on record.")

    @pytest.mark.parametrize(
        ("changes", "page", "missing", "status"),
        [
            ({}, "4", "termination", "open"),
            ({"page": 3, "status": "resolved", "close_reason": "Found at the post."}, "3", "start",
             "resolved by customs\nFound at the post."),
        ],
    )  # fmt: skip
    def test_tells_an_irregularity_by_its_page(
        self, changes: Facts, page: str, missing: str, status: str
    ) -> None:
        rows = section("Irregularities", irregularities=[{**IRREGULARITY, **changes}]).rows

        what = f"Later evidence exists, but the {missing} of this operation was never recorded."
        assert rows == ((page, what, status, "2026-04-11 06:00 UTC", "art. 1(e)"),)

    def test_tells_seals_taken_off_from_those_put_on(self) -> None:
        [cut] = section("Certified reports", reports=[REPORT]).rows
        [checked] = section("Controls on the way", controls=[CONTROL]).rows

        assert cut == ("2026-03-04 06:00 UTC", "KZHOR001", "Seals cut at night.", "− A-1, A-2\n+ N-1")
        assert checked == ("2026-03-05 06:00 UTC", "KZALA001", "weighing: satisfactory 8200 kg", "+ C-1")

    @pytest.mark.parametrize(
        ("accepted", "said"),
        [
            ({}, "not accepted yet"),
            ({"accepted_at": "2026-03-23T06:00:00Z", "accepted_by": "KZQZQ001"}, "KZQZQ001, 2026-03-23 06:00 UTC"),
        ],
    )  # fmt: skip
    def test_says_who_accepted_a_proof(self, accepted: Facts, said: str) -> None:
        rows = section("Proofs in place of a certificate", proofs=[{**PROOF, **accepted}]).rows

        assert rows == (("4", "consumption document", "Customs of KZ", "2026-03-04", said),)


class TestAStamp:
    def row(self, stamp: Facts) -> tuple[str, ...]:
        [row] = section("Stamps, with the chain of their hashes", stamps=[stamp]).rows
        return row

    def test_says_where_in_which_role_and_when(self) -> None:
        assert self.row(STAMP) == (
            "3", "3", "entry en route\nKZHOR001", "2026-03-03 13:00 UTC", "intact\nA-1, A-2", HASH,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "what"),
        [
            ({"seals_intact": None, "seals": []}, ""),
            ({"seals_intact": False, "seals_removed": ["B-1"]}, "not intact\nA-1, A-2\n− B-1"),
            ({"reservation": "two cartons wet"}, "intact\nA-1, A-2\ntwo cartons wet"),
            ({"made": "handed_in"}, "intact\nA-1, A-2\nhanded in from a file"),
            ({"cancels": "00000000"}, "intact\nA-1, A-2\ncancels an earlier stamp"),
        ],
    )
    def test_says_what_was_found_and_what_is_unusual(self, changes: Facts, what: str) -> None:
        assert self.row({**STAMP, **changes})[4] == what

    def test_of_another_territory_shows_its_hash_alone(self) -> None:
        withheld = {"sequence": 4, "previous_hash": "f" * 64, "hash": HASH, "withheld": True}

        assert self.row(withheld) == ("4", "", "another territory", "", "", HASH)
