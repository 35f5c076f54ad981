"""`python -m bench.shape [DIRECTORY]`: the shape of the code in six figures, read from its syntax alone.

What counts is Python outside migrations and tests. Floors are those of the imports inside a room: a module stands one floor
above the highest that it imports.
"""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOMS = ("tir", "guarantees", "carnets", "checkpoints", "api")
DOMAIN = ("guarantees", "carnets", "checkpoints")
OUTSIDE = ("migrations", "node_modules", "__pycache__")
A_FIELD = "registration_no"  # of a stamp: box 21
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def public_names(self) -> set[str]:
        """The functions and classes that stand at the top of the module and are not private."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return {
            each.name for each in self.tree.body if isinstance(each, kinds) and not each.name.startswith("_")
        }

    @property
    def imports(self) -> list[str]:
        """The modules that it names in its imports, one a line of import."""
        found = [each for each in ast.walk(self.tree) if isinstance(each, ast.Import | ast.ImportFrom)]
        return [name for each in found for name in _imported(each)]

    @property
    def functions(self) -> list[Function]:
        """The public functions and the public methods of public classes."""
        owners: list[ast.AST] = [self.tree]
        owners += [each for each in self.tree.body if isinstance(each, ast.ClassDef) and each.name[0] != "_"]
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        inside = [each for owner in owners for each in ast.iter_child_nodes(owner)]
        return [each for each in inside if isinstance(each, kinds) and not each.name.startswith("_")]

    @property
    def identifiers(self) -> list[str]:
        """Every name that it gives, reads or asks for, a place each."""
        named = {
            ast.Name: "id",
            ast.arg: "arg",
            ast.Attribute: "attr",
            ast.FunctionDef: "name",
            ast.ClassDef: "name",
        }
        return [getattr(each, named[type(each)]) for each in ast.walk(self.tree) if type(each) in named]


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [each.name for each in node.names]


def modules(base: Path) -> Iterator[Module]:
    """Yield every module of the rooms below a directory."""
    for room in ROOMS:
        for path in sorted((base / room).rglob("*.py")):
            if not set(path.parts) & set(OUTSIDE):
                name = ".".join(path.relative_to(base).with_suffix("").parts).removesuffix(".__init__")
                yield Module(name, path.read_text(encoding="utf-8"))


def floors(room: str, found: list[Module]) -> int:
    """Return how many modules stand on one another in a room, at most."""
    inside = {each.name: each for each in found if each.name.split(".")[0] == room}
    below = {name: {other for other in each.imports if other in inside} for name, each in inside.items()}
    heights: dict[str, int] = {}

    def height(name: str, seen: frozenset[str]) -> int:
        if name not in heights:
            rest = below[name] - seen
            heights[name] = 1 + max((height(other, seen | {name}) for other in rest), default=0)
        return heights[name]

    return max(height(name, frozenset()) for name in inside)


def figures(base: Path) -> dict[str, str]:
    """Return the figures, named as `docs/measurements.md` names them."""
    found = list(modules(base))
    places: dict[str, int] = Counter(name for each in found for name in each.public_names)
    imports = sorted(len(each.imports) for each in found)
    functions = [function for each in found if each.name.startswith(DOMAIN) for function in each.functions]
    documented = sum(ast.get_docstring(function) is not None for function in functions)
    looks = sum("look" in name.lower() for each in found for name in each.identifiers)
    files = [
        path
        for room in ROOMS
        for path in (base / room).rglob("*")
        if path.suffix in (".py", ".ts", ".sql", ".html") and not set(path.parts) & set(OUTSIDE)
    ]
    touched = sum(A_FIELD in path.read_text(encoding="utf-8") for path in files)
    return {
        "public names that stand in more than one module": f"{sum(count > 1 for count in places.values())}",
        f"files that a stamp's {A_FIELD} touches": f"{touched}",
        "imports a file, nine of ten below": f"{imports[len(imports) * 9 // 10]}",
        "public functions documented, domain": f"{100 * documented / len(functions):.0f} % of {len(functions)}",
        "floors of checkpoints": f"{floors('checkpoints', found)}",
        "identifiers with look": f"{looks}",
    }


def main() -> None:
    base = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    for name, value in figures(base).items():
        sys.stdout.write(f"{name:55} {value}\n")


if __name__ == "__main__":
    main()
