"""Everything the code says to people exists in every language, and what Django reads is what the catalogues say."""

import ast
import gettext
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from django.apps import apps
from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.functional import Promise

from carnets.choices import CarnetStatus
from carnets.reconciliation.catalogue import CATALOGUE, Comparison
from carnets.rules import ISSUE
from checkpoints.judging.rules import CHECKPOINT
from docs.generating.errors import every_module
from tir import translating
from tir.kernel.errors import DomainError
from tir.kernel.rules import Rule

MARKS = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"})
SAID_ALIKE = frozenset({"API", "PDF", "CSV", "XLSX", "QR"})  # the same three letters to everybody

in_every_language = pytest.mark.parametrize("language", translating.LANGUAGES)


def said(message: Message) -> list[str]:
    """Return every form of a translation: one, or as many as the language has plurals."""
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def asked(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, tuple) else [message.id]


def messages(language: str) -> list[Message]:
    return [message for message in translating.catalogue_of(language) if message.id]


def placeholders(text: str) -> list[str]:
    """Return what is filled in: `{name}` in code, `%(name)s` in templates."""
    in_templates = re.findall(r"%\((\w+)\)s", text)
    if in_templates:
        return sorted(in_templates)
    return sorted(name for _before, name, _form, _conversion in Formatter().parse(text) if name is not None)


class TestCatalogues:
    def test_exist_for_every_language_offered(self) -> None:
        offered = {translation.to_locale(code) for code, _name in settings.LANGUAGES} - {"en"}

        assert offered == set(translating.LANGUAGES) == set(translating.PLURALS)

    @in_every_language
    def test_have_what_code_and_templates_say_and_nothing_else(self, language: str) -> None:
        known = {(message.id, message.context) for message in messages(language)}
        marked = {(message.id, message.context) for message in translating.marked_sentences() if message.id}

        assert known == marked, "run script/translate"

    @in_every_language
    def test_leave_nothing_untranslated_or_fuzzy(self, language: str) -> None:
        assert translating.untranslated_sentences(translating.catalogue_of(language)) == []

    @in_every_language
    def test_fill_in_the_same_facts(self, language: str) -> None:
        differing = [
            message.id
            for message in messages(language)
            if any(placeholders(form) != placeholders(asked(message)[-1]) for form in said(message))
        ]

        assert differing == []

    @in_every_language
    def test_are_written_in_their_script(self, language: str) -> None:
        first, last = {"ru": ("\u0400", "\u04ff"), "zh_Hans": ("\u4e00", "\u9fff")}[language]
        foreign = [
            message.id
            for message in messages(language)
            if message.id not in SAID_ALIKE
            and not all(any(first <= letter <= last for letter in form) for form in said(message))
        ]

        assert foreign == []

    @in_every_language
    def test_are_what_django_reads(self, language: str) -> None:
        expected = translating.compiled_catalogue(translating.catalogue_of(language))

        assert translating.po_of(language).with_suffix(".mo").read_bytes() == expected, "run script/translate"

    @in_every_language
    def test_keep_to_the_words_of_the_convention(self, language: str) -> None:
        """Termination and discharge are two acts of two offices; no catalogue may give them one word."""
        catalogue = translating.catalogue_of(language)
        termination, discharge = {"ru": ("прекращен", "завершен"), "zh_Hans": ("终止", "解除")}[language]

        assert termination in str(catalogue.get("terminated").string)
        assert discharge in str(catalogue.get("discharged").string)


class TestCollecting:
    def test_reads_code_under_every_mark(self) -> None:
        source = b"""from django.utils.translation import gettext_lazy as _, ngettext
x = _("One " "sentence.")
y = ngettext("{n} row", "{n} rows", n)
z = len("not said")
"""

        assert [sentence for sentence, _context in translating.sentences_of(source, "x.py")] == [
            "One sentence.",
            ("{n} row", "{n} rows"),
        ]

    def test_reads_templates_however_they_are_indented(self) -> None:
        source = b"""{% load i18n %}<p title="{% translate 'Close' %}">
    <b>not said</b>
  {% blocktranslate with number=page.number %}Page {{ number }}{% endblocktranslate %} ) (
        {% blocktranslate count n=rows|length %}one row{% plural %}{{ n }} rows{% endblocktranslate %}
 {% translate "open" context "a carnet" %}"""

        assert list(translating.sentences_of(source, "x.html")) == [
            ("Close", None),
            ("Page %(number)s", None),
            (("one row", "%(n)s rows"), None),
            ("open", "a carnet"),
        ]

    def test_keeps_what_was_translated_and_drops_what_is_no_longer_said(self, tmp_path: Path) -> None:
        for room in translating.ROOMS:
            (tmp_path / room).mkdir()
        (tmp_path / "api/x.py").write_text('_("Kept {n}.\\n")\n_("New.")\n')
        for language in translating.LANGUAGES:
            path = translating.po_of(language, tmp_path)
            path.parent.mkdir(parents=True)
            before = Catalog(locale=language)
            before.add("Kept {n}.\n", "Осталось {n}.\n")
            before.add("Gone.", "Ушло.")
            translating.write_catalogue(before, path)

        missing = translating.renew_catalogues(tmp_path)

        assert missing == {"ru": ["New."], "zh_Hans": ["New."]}
        written = translating.po_of("ru", tmp_path)
        assert "Gone" not in written.read_text()
        read = gettext.GNUTranslations(BytesIO(written.with_suffix(".mo").read_bytes()))
        assert read.gettext("Kept {n}.\n") == "Осталось {n}.\n"
        assert read.gettext("New.") == "New."

    @in_every_language
    def test_is_what_people_read(self, language: str) -> None:
        with translation.override(translation.to_language(language)):
            read = str(CarnetStatus.DISCHARGED.label)  # lazy: it speaks the language in which it is read

        assert read == translating.catalogue_of(language).get("all operations discharged").string


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
    def test_are_on_texts_written_out(self) -> None:
        """A mark on a name or a text put together would never reach a translator."""
        unread = [
            f"{path.relative_to(settings.BASE_DIR)}:{call.lineno}"
            for path in our_modules()
            for call in ast.walk(ast.parse(path.read_text()))
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKS
            and not (call.args and isinstance(call.args[0], ast.Constant))
        ]  # fmt: skip

        assert unread == []

    def test_go_by_the_names_that_are_collected(self) -> None:
        """Babel knows a mark by its name; one imported under another would be overlooked."""
        renamed = [
            f"{path.relative_to(settings.BASE_DIR)}: {name.asname}"
            for path in our_modules()
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
            for name in node.names
            if "gettext" in name.name and (name.asname or name.name) not in translating.KEYWORDS
        ]

        assert renamed == []

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
            for path in our_modules()
            if "simulation" not in path.parts  # met by commands alone
            for call in refusals_in(path)
            if call.args and isinstance(call.args[0], (ast.Constant, ast.JoinedStr))
        ]

        assert unmarked == []


def our_modules() -> Iterator[Path]:
    for room in translating.ROOMS:
        yield from sorted((settings.BASE_DIR / room).rglob("*.py"))


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
