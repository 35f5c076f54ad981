"""Everything the code says to people exists in every language, and what Django reads is what the catalogues say."""

import ast
import gettext
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise

from carnets.choices import CarnetStatus
from carnets.reconciliation.catalogue import CATALOGUE, Comparison
from carnets.rules import ISSUE
from checkpoints.judging import CHECKPOINT
from docs.generating.errors import every_module
from tir import translating
from tir.kernel.errors import DomainError
from tir.kernel.rules import Rule
from tir.translating import Entry

LANGUAGES = ("ru", "zh_Hans")
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def placeholders(text: str) -> list[str]:
    return sorted(name for _before, name, _form, _conversion in Formatter().parse(text) if name is not None)


class TestCatalogues:
    def test_exist_for_every_language_offered(self) -> None:
        offered = {translation.to_locale(code) for code, _name in settings.LANGUAGES} - {"en"}

        assert offered == set(LANGUAGES) == set(translating.PLURALS)

    @in_every_language
    def test_have_what_the_code_says_and_nothing_else(self, language: str) -> None:
        known = translating.read_po(translating.po_of(language))

        assert set(known) == set(translating.marked()), "run script/translate"

    @in_every_language
    def test_leave_nothing_untranslated_or_fuzzy(self, language: str) -> None:
        catalogue = translating.read_po(translating.po_of(language))

        assert [said for said, entry in catalogue.items() if not entry.translation or entry.is_fuzzy] == []

    @in_every_language
    def test_fill_in_the_same_facts(self, language: str) -> None:
        catalogue = translating.read_po(translating.po_of(language))
        differing = [
            said for said, entry in catalogue.items() if placeholders(said) != placeholders(entry.translation)
        ]

        assert differing == []

    @in_every_language
    def test_are_written_in_their_script(self, language: str) -> None:
        first, last = {"ru": ("\u0400", "\u04ff"), "zh_Hans": ("\u4e00", "\u9fff")}[language]
        catalogue = translating.read_po(translating.po_of(language))
        foreign = [
            said
            for said, entry in catalogue.items()
            if not any(first <= letter <= last for letter in entry.translation)
        ]

        assert foreign == []

    @in_every_language
    def test_are_what_django_reads(self, language: str) -> None:
        path = translating.po_of(language)
        expected = translating.compiled(language, translating.read_po(path))

        assert path.with_suffix(".mo").read_bytes() == expected, "run script/translate"

    @in_every_language
    def test_keep_to_the_words_of_the_convention(self, language: str) -> None:
        """Termination and discharge are two acts of two offices; no catalogue may give them one word."""
        catalogue = translating.read_po(translating.po_of(language))
        termination, discharge = {"ru": ("прекращен", "завершен"), "zh_Hans": ("终止", "解除")}[language]

        assert termination in catalogue["terminated"].translation
        assert discharge in catalogue["discharged"].translation


class TestCompiled:
    def test_reads_back_as_written(self, tmp_path: Path) -> None:
        catalogue = {
            'Say "no" to {name}.\n': Entry("Скажите {name} «нет».\n"),
            "not yet": Entry(""),
            "unsure": Entry("может быть", is_fuzzy=True),
        }
        path = tmp_path / "django.po"
        translating.write_po(path, "ru", catalogue, {"not yet": ["api/errors.py"]})
        read = translating.read_po(path)

        assert read == catalogue
        messages = gettext.GNUTranslations(BytesIO(translating.compiled("ru", read)))
        assert messages.gettext('Say "no" to {name}.\n') == "Скажите {name} «нет».\n"
        assert messages.gettext("not yet") == "not yet"
        assert messages.gettext("unsure") == "unsure"

    def test_collects_marked_sentences_under_any_name(self) -> None:
        source = 'from django.utils.translation import gettext_lazy as say\nx = say("One " "sentence.")\ny = len(x)\n'

        assert list(translating.sentences_of(source, "x.py")) == ["One sentence."]

    def test_refuses_a_mark_that_nobody_could_translate(self) -> None:
        source = "from django.utils.translation import gettext as _\nx = _(y)\n"

        with pytest.raises(translating.NotExtractable, match=r"x\.py:2"):
            list(translating.sentences_of(source, "x.py"))

    @in_every_language
    def test_is_what_people_read(self, language: str) -> None:
        with translation.override(translation.to_language(language)):
            said = str(CarnetStatus.DISCHARGED.label)  # lazy: it speaks the language in which it is read

        assert (
            said == translating.read_po(translating.po_of(language))["all operations discharged"].translation
        )


def choices() -> Iterator[type[TextChoices]]:
    ours = tuple(
        config.name
        for config in apps.get_app_configs()
        if config.name in ("tir.accounts", *translating.ROOMS)
    )
    found = {value for module in every_module() for value in vars(module).values() if isinstance(value, type)}
    for kind in sorted(found, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}"):
        if issubclass(kind, TextChoices) and kind.__module__.startswith(ours):
            yield kind


class TestMarks:
    @pytest.mark.parametrize("kind", list(choices()), ids=lambda kind: kind.__name__)
    def test_are_on_every_name_of_a_choice(self, kind: type[TextChoices]) -> None:
        assert [member.name for member in kind if not isinstance(member._label_, Promise)] == []

    @pytest.mark.parametrize("rule", [*ISSUE, *CHECKPOINT, *CATALOGUE], ids=lambda rule: rule.code)
    def test_are_on_every_sentence_of_a_rule(self, rule: Rule[Any] | Comparison) -> None:
        assert isinstance(rule.message, Promise)

    def test_are_on_every_refusal(self) -> None:
        """No refusal is raised with a sentence that only English readers get."""
        unmarked = [
            f"{path.relative_to(settings.BASE_DIR)}:{call.lineno}"
            for room in translating.ROOMS
            for path in sorted((settings.BASE_DIR / room).rglob("*.py"))
            if "simulation" not in path.parts  # met by commands alone
            for call in refusals_in(path)
            if call.args and isinstance(call.args[0], (ast.Constant, ast.JoinedStr))
        ]

        assert unmarked == []


def refusals_in(path: Path) -> list[ast.Call]:
    """Return the calls that make one of our errors, by its name."""
    every_module()
    names = {kind.__name__ for kind in kinds_below(DomainError)}
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in names]


def kinds_below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for below in kind.__subclasses__():
        yield below
        yield from kinds_below(below)
