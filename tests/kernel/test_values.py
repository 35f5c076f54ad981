"""Values at run time: as small and as quick as a dataclass can be, compared by what they say."""

import re
from dataclasses import field, fields, replace
from pathlib import Path
from textwrap import dedent

import mypy.api
import pytest

from tir.kernel.values import value


@value
class Seal:
    number: str
    office: str = "CNURC001"
    remarks: tuple[str, ...] = field(default=(), compare=False)


@value
class Label:
    number: str
    office: str = "CNURC001"


class TestAValue:
    def test_equals_another_that_says_the_same(self) -> None:
        assert Seal("A-1") == Seal("A-1", "CNURC001")
        assert Seal("A-1") != Seal("A-2")
        assert Seal("A-1") != Seal("A-1", "KZHOR001")

    def test_of_another_kind_is_another_one(self) -> None:
        assert Label("A-1") == Label("A-1")
        assert Seal("A-1") != Label("A-1")

    def test_is_hashed_by_what_it_says(self) -> None:
        assert len({Seal("A-1"), Seal("A-1"), Seal("A-2")}) == 2
        assert {Seal("A-1"): "affixed"}[Seal("A-1", "CNURC001")] == "affixed"

    def test_may_leave_a_field_out_of_the_comparison(self) -> None:
        remarked = Seal("A-1", remarks=("scratched",))

        assert remarked == Seal("A-1")
        assert hash(remarked) == hash(Seal("A-1"))

    def test_that_holds_a_list_has_no_hash(self) -> None:
        with pytest.raises(TypeError, match="unhashable"):
            hash(Seal(["A-1"]))  # type: ignore[arg-type]
        assert hash(Seal("A-1")) == hash(Seal("A-1"))

    def test_is_made_anew_with_a_change(self) -> None:
        first = Seal("A-1", remarks=("scratched",))

        second = replace(first, office="KZHOR001")

        assert (second.number, second.office, second.remarks) == ("A-1", "KZHOR001", ("scratched",))
        assert first.office == "CNURC001"

    def test_has_slots_and_room_for_nothing_else(self) -> None:
        seal = Seal("A-1")

        assert not hasattr(seal, "__dict__")
        assert Seal.__slots__ == tuple(each.name for each in fields(Seal))  # type: ignore[arg-type, attr-defined]
        with pytest.raises(AttributeError):
            seal.colour = "red"  # type: ignore[attr-defined]

    def test_is_guarded_by_mypy_alone(self, tmp_path: Path) -> None:
        script = tmp_path / "seals.py"
        script.write_text(
            dedent("""\
                from tir.kernel.values import value

                @value
                class Seal:
                    number: str

                seal = Seal("A-1")
                print(seal.number)
                seal.number = "A-2"
            """)
        )

        report, _, _ = mypy.api.run(["--config-file=", f"--cache-dir={tmp_path}", str(script)])

        assert re.findall(r"seals\.py:(\d+): error: .*", report) == ["9"]
        assert "read-only" in report

        seal = Seal("A-1")
        seal.number = "A-2"  # which nothing refuses at run time
        assert seal == Seal("A-2")
