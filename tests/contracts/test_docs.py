"""The documentation says what the code says: generated pages are up to date, and every name in the others exists."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pydantic import ValidationError

from api.v1.checkpoints.evidence_bodies import IncidentBody
from carnets.guarantee_queries.rules import CONFIRM
from carnets.reconciliation.catalogue import CATALOGUE, Comparison
from carnets.rules import ISSUE
from checkpoints.judging.rules import CHECKPOINT
from docs.generating import errors, law, markdown, pages, phone, tests_by_name
from guarantees.claims.rules import CLAIM
from tir.kernel.rules import Rule

AnyRule = Rule[Any] | Comparison
ROOT: Path = settings.BASE_DIR
DOCS = ROOT / "docs"
READMES = (ROOT / room / "readme.md" for room in ("guarantees", "carnets", "checkpoints"))
PAGES = sorted((*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *READMES))


class TestGeneratedPages:
    def test_say_what_the_code_says(self) -> None:
        stale = [path.relative_to(ROOT).as_posix() for path in pages.outdated()]

        assert not stale, "run script/docs"

    def test_keep_the_prose_around_a_part(self) -> None:
        page = "Before.\n\n<!-- begin x: written by script/docs -->\nold\n<!-- end x -->\n\nAfter.\n"

        written = markdown.with_part(page, "x", "new\n")

        assert (
            written
            == "Before.\n\n<!-- begin x: written by script/docs -->\n\nnew\n\n<!-- end x -->\n\nAfter.\n"
        )
        assert markdown.with_part(written, "x", "new\n") == written

    def test_refuse_a_page_without_the_part(self) -> None:
        with pytest.raises(markdown.PartMissing):
            markdown.with_part("Nothing here.\n", "x", "new")


class TestThePhone:
    """Its file is among the generated ones above; its own compiler holds what it makes of it."""

    def test_names_every_rule_once_in_order(self) -> None:
        rules = re.findall(r'\{ name: "(\w+)", code: "(\w+)", level: "(\w+)", eased: \S+ \}', phone.module())

        assert rules == [(rule.name, rule.code, rule.level) for rule in CHECKPOINT]
        assert len({name for name, _code, _level in rules}) == len(rules)

    def test_knows_as_many_photos_as_a_report_takes(self) -> None:
        body = {
            "carnet": "XZ99000001",
            "kind": "other",
            "description": "Wet.",
            "occurred_at": "2026-03-02T06:00:00Z",
        }
        photo = {"content_type": "image/jpeg", "data": "/9j/"}
        most = phone.limit_of(IncidentBody, "photos", "maxItems")

        assert (
            len(IncidentBody.model_validate_json(json.dumps({**body, "photos": [photo] * most})).photos) == 6
        )
        with pytest.raises(ValidationError):
            IncidentBody.model_validate_json(json.dumps({**body, "photos": [photo] * (most + 1)}))

    def test_is_not_written_without_a_limit(self) -> None:
        with pytest.raises(phone.LimitMissing):
            phone.limit_of(IncidentBody, "kind", "maxLength")


class TestErrors:
    def test_have_a_meaning(self) -> None:
        silent = [kind.__name__ for kind in errors.domain_errors() if not errors.meaning_of_kind(kind)]

        assert not silent

    def test_have_one_code_each(self) -> None:
        codes = [kind.code for kind in errors.domain_errors()]

        assert len(codes) == len(set(codes))

    def test_find_the_finer_codes_of_a_refusal(self) -> None:
        finer = {kind.__name__: errors.finer_codes(kind) for kind in errors.domain_errors()}

        assert "debtor_not_pursued" in finer["ClaimRefused"]
        assert "cancelled_by_other_office" in finer["CancellationRefused"]


class TestRules:
    @pytest.mark.parametrize("rule", [*ISSUE, *CHECKPOINT, *CONFIRM, *CLAIM], ids=lambda rule: rule.name)
    def test_have_a_test_of_their_name(self, rule: AnyRule) -> None:
        assert tests_by_name.files_of(f"test_{rule.name}")

    @pytest.mark.parametrize("code", sorted({f"{item.code}_at_{item.side}" for item in CATALOGUE}))
    def test_of_the_catalogue_have_a_test_of_their_code_and_side(self, code: str) -> None:
        assert tests_by_name.files_of(f"test_{code}")

    @pytest.mark.parametrize(
        "rule", [*ISSUE, *CHECKPOINT, *CONFIRM, *CLAIM, *CATALOGUE], ids=lambda rule: rule.code
    )
    def test_cite_their_source(self, rule: AnyRule) -> None:
        assert rule.article


class TestLaw:
    @pytest.mark.parametrize("row", law.ARTICLES, ids=lambda row: row.article)
    def test_of_every_article_names_tests_that_exist(self, row: law.Row) -> None:
        assert [test for test in row.tests if not tests_by_name.files_of(test)] == []

    @pytest.mark.parametrize("row", law.ARTICLES, ids=lambda row: row.article)
    def test_of_every_article_names_code_that_exists(self, row: law.Row) -> None:
        assert [law.existing(name) for name in row.code] == list(row.code)


# --- One stamp, from the HTTP request to the discharge -----------------------------------------------------------
# The rank of a room: an import runs from a lower rank to a higher one, never back.
RANKS = {
    "tir": 0,
    "api": 1,
    "checkpoints": 2,
    "carnets": 3,
    "guarantees": 4,
    "tir.accounts": 5,
    "tir.kernel": 6,
}
ITEM = re.compile(r"^\d+\. `([^`]+)`", re.MULTILINE)


def story() -> list[list[str]]:
    """Return the files of each list in the section, in order."""
    text = (DOCS / "architecture.md").read_text()
    section = text.split("## One stamp, from the HTTP request to the discharge\n")[1].split("\n## ")[0]
    return [ITEM.findall(part) for part in section.split("\n### ")[1:]]


def rank(path: str) -> int:
    room = (
        ".".join(path.split("/")[:2])
        if path.startswith(("tir/kernel/", "tir/accounts/"))
        else path.split("/", maxsplit=1)[0]
    )
    return RANKS[room]


def is_used_by(path: str, earlier: str) -> bool:
    """Whether the earlier file imports this one, names it as a module, or calls an SQL function that it makes."""
    source = (ROOT / earlier).read_text()
    module = path.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")
    made = re.findall(r"CREATE (?:OR REPLACE )?FUNCTION (\w+)", (ROOT / path).read_text())
    return module in _modules_named_in(source) or module in source or any(name in source for name in made)


def _modules_named_in(source: str) -> set[str]:
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return {node.module or "" for node in imports} | {
        f"{node.module}.{name.name}" for node in imports for name in node.names
    }


class TestOneStamp:
    def test_is_told_in_two_lists(self) -> None:
        down, on = story()

        assert len(down) > 20
        assert len(on) > 4

    def test_names_files_that_exist(self) -> None:
        assert [path for part in story() for path in part if not (ROOT / path).is_file()] == []

    def test_names_each_file_once(self) -> None:
        named = [path for part in story() for path in part]

        assert sorted(named) == sorted(set(named))

    def test_never_goes_back_up(self) -> None:
        for part in story():
            ranks = [rank(path) for path in part]
            assert ranks == sorted(ranks), part

    def test_reaches_the_bottom_before_the_stamp_is_written(self) -> None:
        down, _on = story()

        assert {rank(path) for path in down} == {0, 1, 2, 3, 4, 6}

    def test_comes_to_each_file_from_one_before_it(self) -> None:
        """But for the project's own files, which settings and the web server name, and the first below them."""
        for part in story():
            below_project = [path for path in part if rank(path) > 0]
            for path in below_project[1:]:
                earlier = part[: part.index(path)]
                assert any(is_used_by(path, other) for other in earlier), path


class TestEveryPage:
    @pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
    def test_links_to_what_exists(self, page: Path) -> None:
        targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|<img[^>]* src=\"([^\"]+)\"", page.read_text())
        local = [
            one or other
            for one, other in targets
            if not (one or other).startswith(("http:", "https:", "mailto:"))
        ]

        assert [target for target in local if not (page.parent / target).exists()] == []

    @pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
    def test_names_files_that_exist(self, page: Path) -> None:
        named = re.findall(
            r"`((?:tir|guarantees|carnets|checkpoints|api|tests|script|docs|bench|locale)/[\w./-]+)`",
            page.read_text(),
        )

        assert [path for path in named if not (ROOT / path).exists()] == []

    def test_of_the_decisions_is_listed(self) -> None:
        index = (DOCS / "adr" / "README.md").read_text()
        decisions = [path.name for path in (DOCS / "adr").glob("0*.md")]

        assert [name for name in decisions if f"({name})" not in index] == []
