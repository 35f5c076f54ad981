"""What the code writes: the pages rules, errors, states, database laws, the legal map, and one file of the phone.

`script/docs` writes them; `tests/contracts/test_docs.py` fails while they differ from the code. A page is generated
whole, or a part of it between two comments that name the part, so that prose and tables can stand together.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from docs.generating import (
    audit,
    constraints,
    data_model,
    errors,
    law,
    markdown,
    phone,
    rules,
    scenarios,
    states,
)

DOCS: Final = Path(__file__).resolve().parent.parent

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "rules.md": rules.page,
    "errors.md": errors.page,
    "states.md": states.page,
    "constraints.md": constraints.page,
    "scenarios.md": scenarios.page,
    "audit.md": audit.page,
}
PARTS: Final[Mapping[str, Mapping[str, Callable[[], str]]]] = {
    "law.md": {"articles": law.articles, "rules by article": law.rules_by_article, "clocks": law.clocks},
    "architecture.md": {"data model": data_model.diagrams},
    "api.md": {"errors": errors.brief},
}


def generated() -> dict[Path, str]:
    """Return what every page and the phone's file should say, by its path."""
    pages = {DOCS / name: write() for name, write in PAGES.items()}
    for name, parts in PARTS.items():
        text = (DOCS / name).read_text()
        for part, write in parts.items():
            text = markdown.with_part(text, part, write())
        pages[DOCS / name] = text
    return {**pages, phone.FILE: phone.module()}


def outdated() -> list[Path]:
    """Return the files that say something else than the code."""
    return [path for path, text in generated().items() if not path.exists() or path.read_text() != text]
