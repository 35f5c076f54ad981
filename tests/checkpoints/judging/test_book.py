"""The book of rules as a whole: complete, in good English, and what its findings come to."""

import pytest

from carnets.choices import CarnetStatus, Control
from checkpoints.choices import Verdict
from checkpoints.judging.book import NEEDS_CONFIRMING, NEVER_EVIDENCE, refusal, verdict_of
from checkpoints.judging.rules import CHECKPOINT
from guarantees.choices import HolderStatus
from tests.checkpoints.judging.cases import case, office
from tests.evidence import certify, clean
from tests.world import HOUR, START
from tir.kernel.errors import Refused
from tir.kernel.rules import Finding, Level


class TestCheckpoint:
    @pytest.mark.parametrize("page", range(1, 9))
    def test_has_nothing_to_say_about_a_clean_journey(self, page: int) -> None:
        assert CHECKPOINT.findings(case(page, said=certify(page))) == []
        assert CHECKPOINT.findings(case(page)) == []

    def test_names_every_reason_at_once(self) -> None:
        this = case(3, by="UZYAL001", control=Control.STOLEN, control_at=START, has_guarantor=False)

        assert [finding.code for finding in CHECKPOINT.findings(this)] == [
            "not_in_circulation", "no_guarantor", "not_planned", "wrong_country_seq",
        ]  # fmt: skip

    def test_stops_no_termination_but_for_what_cannot_be(self) -> None:
        """Whatever is wrong with carnet, holder and office: what was presented at a No. 2 goes on record (art. 28)."""
        wrong = case(
            4, by=office("UZYAL001", approved_to=START.date()), before=clean(3), said=certify(4, reservation="wet"),
            control=Control.STOLEN, control_at=START, status=CarnetStatus.RETURNED, has_guarantor=False,
            holder_status=HolderStatus.ENDED, acceptance_until=START.date(), issued_at=START + 1000 * HOUR,
        )  # fmt: skip

        assert Level.STOP not in {finding.level for finding in CHECKPOINT.findings(wrong)}
        assert Level.STOP in {finding.level for finding in CHECKPOINT.findings(case(3, has_guarantor=False))}

    def test_never_takes_for_evidence_what_no_office_could_certify(self) -> None:
        assert NEVER_EVIDENCE == {"page_range", "no_such_box"}
        assert {*NEVER_EVIDENCE, NEEDS_CONFIRMING} <= {rule.code for rule in CHECKPOINT}


def finding(level: Level, code: str = "any") -> Finding:
    return Finding(code, level, "art. 1", "a sentence", {"page": 3})


class TestVerdictOf:
    @pytest.mark.parametrize(
        ("levels", "verdict"),
        [
            ([], Verdict.GO),
            ([Level.NOTE], Verdict.GO),
            ([Level.NOTE, Level.LOOK], Verdict.LOOK),
            ([Level.LOOK, Level.STOP], Verdict.STOP),
        ],
    )
    def test_is_the_weightiest_finding(self, levels: list[Level], verdict: Verdict) -> None:
        assert verdict_of([finding(level) for level in levels]) == verdict


class TestRefusal:
    def test_gives_the_first_reason_its_code_and_lists_them_all(self) -> None:
        error = refusal(Refused, [finding(Level.STOP, "first"), finding(Level.STOP, "second")])

        assert error.error_code == "first"
        assert [reason["code"] for reason in error.facts["reasons"]] == ["first", "second"]
        assert error.facts["page"] == 3
