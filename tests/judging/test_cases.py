"""The judged cases: the server's judge says exactly what the file says, and the file leaves no rule out."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from carnets.numbering import CarnetNumberInvalid, parse_number
from checkpoints.judging.rules import CHECKPOINT
from tests.judging.deciding import ANSWERED_BY_THE_CODE, HISTORY_UNKNOWN
from tests.judging.making import kept
from tests.judging.parts import CasePart, File
from tests.judging.writing import FILE, SCHEMA, generate, text_of_cases, text_of_schema

ENOUGH = 300


@cache
def judged() -> File:
    return File.model_validate_json(FILE.read_text())


class TestFile:
    def test_is_what_the_cases_and_the_rules_give(self) -> None:
        assert FILE.read_text() == "".join(text_of_cases(kept())), "run python -m tests.judging"

    def test_follows_its_schema(self) -> None:
        assert SCHEMA.read_text() == text_of_schema(), "run python -m tests.judging"

    def test_has_enough_cases_of_every_verdict(self) -> None:
        verdicts = Counter(case.expect.verdict for case in judged().cases)

        assert len(judged().cases) >= ENOUGH
        assert min(verdicts[verdict] for verdict in ("go", "look", "stop")) >= 50

    def test_names_each_case_once(self) -> None:
        names = Counter(case.name for case in judged().cases)

        assert [name for name, times in names.items() if times > 1] == []

    @pytest.mark.parametrize("code", [rule.code for rule in CHECKPOINT])
    def test_breaks_and_keeps_every_rule(self, code: str) -> None:
        broken = [code in case.expect.codes for case in judged().cases if case.carnet]

        assert any(broken)
        assert not all(broken)

    def test_knows_which_rules_a_code_answers(self) -> None:
        assert {rule.code for rule in CHECKPOINT} > ANSWERED_BY_THE_CODE

    def test_never_lets_an_unknown_history_go(self) -> None:
        unknown = [case for case in judged().cases if HISTORY_UNKNOWN[0] in case.expect.codes]

        assert unknown
        assert {case.expect.verdict for case in unknown} == {"look", "unknown"}

    def test_never_lets_a_code_go_that_is_not_genuine(self) -> None:
        forged = [case for case in judged().cases if any(map(is_of_token, case.expect.codes))]

        assert len(forged) >= 15
        assert {case.expect.verdict for case in forged} == {"stop"}

    def test_stops_every_start_under_what_the_list_withdraws(self) -> None:
        withdrawn = {entry.number for entry in judged().stop_list.entries if entry.control != "expired"}
        presented = [case for case in judged().cases if number_of(case) in withdrawn and (case.page or 1) % 2]

        assert presented
        assert {case.expect.verdict for case in presented} == {"stop"}

    def test_has_evidence_of_every_kind_that_only_the_phone_knows(self) -> None:
        kinds = Counter(deed.kind for case in judged().cases for deed in case.own)

        assert set(kinds) == {"stamp", "incident", "refusal"}

    def test_has_reports_about_seals_by_their_kind_or_by_naming_seals(self) -> None:
        said = {
            (row.kind, bool(row.seals_broken or row.seals_affixed)): row.about_seals
            for row in judged().own_reports
        }

        assert said["seals_broken", False]
        assert said["vehicle_change", True]
        assert not said["vehicle_change", False]

    @pytest.mark.parametrize("index", range(len(json.loads(FILE.read_text())["numbers"])))
    def test_reads_numbers_as_typed(self, index: int) -> None:
        number = judged().numbers[index]
        try:
            read = parse_number(number.typed)
        except CarnetNumberInvalid:
            read = None

        assert read == number.number


class TestMoreSituations:
    def test_are_the_same_for_one_seed_and_others_for_another(self, tmp_path: Path) -> None:
        first, again, other = (tmp_path / name for name in ("first", "again", "other"))
        for path, seed in ((first, 7), (again, 7), (other, 8)):
            generate(20, seed, path)

        assert first.read_text() == again.read_text()
        assert first.read_text() != other.read_text()
        assert len(File.model_validate_json(first.read_text()).cases) == 20


def is_of_token(code: str) -> bool:
    return code.startswith("token_")


def number_of(case: CasePart) -> str | None:
    return case.carnet.number if case.carnet else case.number
