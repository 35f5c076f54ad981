"""Small pieces of Markdown."""

from collections.abc import Iterable, Sequence

NOTICE = "<!-- Written by script/docs from the code. Change the code, then run it again. -->"


class PartMissing(ValueError):
    """A page has no pair of comments for a part that belongs on it."""


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [_row(headings), _row(["---"] * len(headings)), *(_row(row) for row in rows)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(cell: object) -> str:
    return " ".join(str(cell).split()).replace("|", "\\|")


def code(text: object) -> str:
    return f"`{text}`" if text else ""


def codes(texts: Iterable[object]) -> str:
    return ", ".join(code(text) for text in texts)


def page(title: str, *blocks: str) -> str:
    """Return a whole page: title, notice, then the blocks with a blank line between each."""
    return "\n\n".join((f"# {title}", NOTICE, *(block.strip("\n") for block in blocks))) + "\n"


def with_part(text: str, name: str, content: str) -> str:
    """Return the page with what stands between the comments of this part replaced."""
    begin, end = f"<!-- begin {name}: written by script/docs -->", f"<!-- end {name} -->"
    before, found_begin, rest = text.partition(begin)
    _old, found_end, after = rest.partition(end)
    if not (found_begin and found_end):
        raise PartMissing(f"no '{begin}' … '{end}'")
    return "\n\n".join((before + begin, content.strip("\n"), end + after))
