"""An export is all that `docs/verify.py` needs, and no byte of it can change unseen."""

import random
import shutil
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.clones import insider
from tests.conftest import declared_anew
from tests.logs import ORIGIN, VERIFIER, faults, is_named, newest, private_key, put_rows, verified_alone
from tests.pictures import JPEG, PNG
from tests.world import START, World
from tir.kernel.sandbox import Kind
from tir.log import exporting, growing, running
from tir.log.checkpoints import COSIGNATURE, cosign
from tir.log.errors import LogStopped
from tir.log.models import Log, Witness
from tir.log.notes import Signer, note_of
from tir.log.witnessing import take_cosignatures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads")]


def load_verifier() -> ModuleType:
    spec = spec_from_file_location("verify", Path(settings.BASE_DIR) / VERIFIER)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFIER_MODULE = load_verifier()


def holds(directory: Path) -> bool:
    """Whether the verifier finds nothing, asked in this process: thousands of times."""
    found, _entries = VERIFIER_MODULE.verify(directory, [])
    return not found


def export(directory: Path) -> Path:
    exporting.export(str(directory))
    return directory


def files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


def put_witness() -> Signer:
    """Let one witness sign the newest checkpoint, and its key stand in the log."""
    signer = Signer("witness.example", private_key("a witness"))
    Witness.objects.create(key=str(signer.verifier(COSIGNATURE)), name="a witness")
    running.catch_up()
    checkpoint = newest()
    signature = cosign(signer, note_of(checkpoint.note.encode()).text, START)
    assert take_cosignatures(checkpoint, [signature.line.removesuffix("\n")]) == 1
    return signer


def put_travels(world: World) -> None:
    """Two carnets with stamps, photos, a control and a refusal."""
    carnet, other = world.issue(), world.issue()
    at = world.travel(carnet, upto=4)
    world.report(carnet, "KZHOR001", at, photos=[JPEG, PNG])
    world.control(carnet, "KZHOR001", at)
    world.refuse(other, 1, at)


class TestExport:
    def test_verifies(self, world: World, tmp_path: Path) -> None:
        put_travels(world)
        put_witness()

        directory = export(tmp_path / "export")

        assert verified_alone(directory) == (0, [])
        assert len(list((directory / "long").iterdir())) == 2, "one picture was taken twice"
        assert (directory / "checkpoint").read_text().count("— ") == 2

    def test_of_training_verifies_there_and_nowhere_else(
        self, training: None, world: World, tmp_path: Path
    ) -> None:
        """Its receipts bear the mark, and for a real installation they are not its own."""
        put_travels(world)
        running.catch_up()

        directory = export(tmp_path / "export")

        assert (directory / "checkpoint").read_text().splitlines()[0].endswith("/training")
        assert verified_alone(directory) == (0, [])
        assert faults() == []
        declared_anew(Kind.REAL)
        assert is_named("its receipt is not one that this system signed", faults())

    def test_of_more_than_one_tile_verifies(self, tmp_path: Path) -> None:
        put_rows(700)
        running.catch_up()

        directory = export(tmp_path / "export")

        names = {path.relative_to(directory).as_posix() for path in files(directory)}
        assert names >= {
            "tile/0/000", "tile/0/001", "tile/1/000.p/2", "tile/entries/000", "tile/entries/001",
        }  # fmt: skip
        assert verified_alone(directory) == (0, [])

    def test_holds_beside_what_is_not_in_the_log_yet(self, world: World, tmp_path: Path) -> None:
        put_travels(world)
        running.catch_up()
        carnet = world.issue()
        world.report(carnet, "CNURC001", START, photos=[("image/jpeg", JPEG[1] + b"another")])

        directory = export(tmp_path / "export")

        assert verified_alone(directory) == (0, [])

    def test_is_of_what_was_published(self, tmp_path: Path) -> None:
        """What was signed and not yet told outside may still be taken back: nobody may see it."""
        put_rows(3)
        running.catch_up()
        size = newest().size
        put_rows(2, "more")
        log = Log.objects.get()
        growing.grow(log=log, signer=running.signer_of(log.origin), at=START)

        directory = export(tmp_path / "export")

        assert (directory / "checkpoint").read_text().splitlines()[1] == str(size)
        assert verified_alone(directory) == (0, [])

    def test_verifies_each_log_that_was_ended(self, world: World, tmp_path: Path) -> None:
        put_travels(world)
        put_witness()
        growing.end(log=Log.objects.get(), head=running.head_of(ORIGIN), reason="a drill", at=START)
        world.travel(world.issue(), upto=2)
        running.catch_up()

        directory = export(tmp_path / "export")

        assert (directory / "checkpoint").read_text().splitlines()[0] == f"{ORIGIN}-2"
        assert (directory / "ended" / "1" / "checkpoint").read_text().splitlines()[0] == ORIGIN
        assert verified_alone(directory) == (0, [])

    def test_wants_an_empty_directory_and_a_log(self, tmp_path: Path) -> None:
        with pytest.raises(LogStopped, match="No log has begun"):
            exporting.export(str(tmp_path / "none"))
        running.catch_up()
        export(tmp_path / "export")

        with pytest.raises(CommandError, match="not empty"):
            call_command("log", "export", str(tmp_path / "export"))

    def test_names_what_no_log_knows(self, tmp_path: Path) -> None:
        put_rows(2)
        running.catch_up()
        with insider() as run:
            run("INSERT INTO log_publickey (purpose, text, at) VALUES ('log', 'forged', now())")

        status, found = verified_alone(export(tmp_path / "export"))

        assert status == 1
        assert is_named("behind the log", found)


class TestKeptCheckpoints:
    def test_are_a_beginning_of_the_export(self, tmp_path: Path) -> None:
        put_rows(3)
        running.catch_up()
        kept, empty = tmp_path / "kept", tmp_path / "empty"
        kept.write_text(newest().note)
        empty.write_text(Log.objects.get().checkpoints.earliest("pk").note)
        put_rows(300, "more")
        running.catch_up()

        assert verified_alone(export(tmp_path / "export"), kept, empty) == (0, [])

    @pytest.mark.parametrize(
        ("origin", "key", "size", "named"),
        [
            (ORIGIN, "the log", "3", "are not those that were signed"),
            (ORIGIN, "the log", "99999", "was kept"),
            (ORIGIN, "another", "3", "did not sign"),
            ("tir.example/other", "the log", "3", "no such log is here"),
        ],
    )
    def test_of_another_tree_are_found(
        self, tmp_path: Path, origin: str, key: str, size: str, named: str
    ) -> None:
        put_rows(8)
        running.catch_up()
        kept = tmp_path / "kept"
        text = f"{origin}\n{size}\n{'A' * 43}=\n"
        kept.write_text(f"{text}\n{Signer(origin, private_key(key)).sign(text).line}")

        status, found = verified_alone(export(tmp_path / "export"), kept)

        assert status == 1
        assert is_named(named, found)

    def test_that_cannot_be_read_are_no_success(self, tmp_path: Path) -> None:
        running.catch_up()
        directory = export(tmp_path / "export")
        (tmp_path / "kept").write_text("no checkpoint at all")

        assert verified_alone(directory) == (0, [])
        assert verified_alone(directory, tmp_path / "kept")[0] == 1
        assert verified_alone(directory, tmp_path / "gone")[0] == 1


class TestChangedFiles:
    @pytest.fixture
    def whole(self, world: World, tmp_path: Path) -> Path:
        put_travels(world)
        put_witness()
        growing.end(log=Log.objects.get(), head=running.head_of(ORIGIN), reason="a drill", at=START)
        put_rows(260)
        running.catch_up()
        return export(tmp_path / "export")

    def test_are_found_whichever_it_is(self, whole: Path) -> None:
        chance = random.Random(7)
        assert verified_alone(whole) == (0, [])
        for path in files(whole):
            kept = path.read_bytes()
            at = chance.randrange(len(kept))
            path.write_bytes(kept[:at] + bytes([kept[at] ^ 1 << chance.randrange(8)]) + kept[at + 1 :])
            status, found = verified_alone(whole)
            assert (status, bool(found)) == (1, True), (path, at)
            path.write_bytes(kept)
        assert verified_alone(whole) == (0, [])

    def test_that_are_gone_are_found(self, whole: Path) -> None:
        for path in files(whole):
            kept = path.read_bytes()
            path.unlink()
            assert not holds(whole), path
            path.write_bytes(kept)
        assert holds(whole)

    def test_that_were_cut_or_grew_are_found(self, whole: Path) -> None:
        for path in files(whole):
            kept = path.read_bytes()
            for changed in (kept[:-1], kept + b"\n", kept + kept[-40:], b""):
                path.write_bytes(changed)
                assert not holds(whole), path
            path.write_bytes(kept)
        assert holds(whole)

    @pytest.mark.parametrize(
        "added",
        ["note", "long/note", "tile/0/007", "tile/entries/009", "ended/9/checkpoint", "ended/note", "tile/9/000",
         "ended/1/note", f"long/{'0' * 64}"],
    )  # fmt: skip
    def test_that_came_are_found(self, whole: Path, added: str) -> None:
        path = whole / added
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"one more")

        status, found = verified_alone(whole)

        assert (status, bool(found)) == (1, True)

    def test_an_ended_log_that_is_gone_is_found(self, whole: Path) -> None:
        shutil.rmtree(whole / "ended")

        assert not holds(whole)

    def test_are_found_at_every_byte(self, tmp_path: Path, heads: Path) -> None:
        """A small log: a bit of each byte of each file."""
        put_rows(3)
        put_witness()
        directory = export(tmp_path / "small")
        assert holds(directory)

        tried = 0
        for path, kept in [(path, path.read_bytes()) for path in files(directory)]:
            for at in range(len(kept)):
                path.write_bytes(kept[:at] + bytes([kept[at] ^ 1 << at % 8]) + kept[at + 1 :])
                assert not holds(directory), (path, at)
                tried += 1
            path.write_bytes(kept)
        assert holds(directory)
        assert tried > 1_000
