"""Bring the three faces of `tir.fonts` to the laptop, from packages pinned by hash; none is in the repository.

DejaVu Sans (Bitstream Vera licence, free) comes out of the matplotlib wheel, which ships it with its licence.
Noto Sans SC (SIL Open Font License 1.1) comes as a variable font, whose default weight is the thinnest:
it is cut here, once, to the regular weight that reportlab then embeds. `python -m tir.laptop.fonts DIRECTORY`.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from tir.fonts import FACES
from tir.laptop.processes import LaptopError

LOCK = Path(__file__).resolve().parent.parent.parent / "requirements-fonts.lock"
REGULAR = 400
MEMBERS = {
    "sans.ttf": "mpl-data/fonts/ttf/DejaVuSans.ttf",
    "sans-bold.ttf": "mpl-data/fonts/ttf/DejaVuSans-Bold.ttf",
    "LICENSE-DejaVu.txt": "mpl-data/fonts/ttf/LICENSE_DEJAVU",
    "cjk-variable.ttf": "notosanssc/NotoSansSC[wght].ttf",
    "LICENSE-NotoSansSC.txt": "notosanssc/OFL.txt",
}


def ensure_fonts(directory: Path) -> None:
    """Leave the three faces and their licences in `directory`; do nothing when this lock file's are there."""
    made_from = directory / LOCK.name
    if made_from.is_file() and made_from.read_bytes() == LOCK.read_bytes():
        return
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory) as work:
        _download(Path(work))
        for wheel in Path(work).glob("*.whl"):
            _unpack(wheel, directory)
    _cut_to_regular(directory / "cjk-variable.ttf", directory / FACES["cjk"])
    made_from.write_bytes(LOCK.read_bytes())


def _download(target: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    options = ["--require-hashes", "--requirement", str(LOCK), "--dest", str(target)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise LaptopError(f"the fonts could not be downloaded: {done.stderr.strip()}")


def _unpack(wheel: Path, directory: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name, ending in MEMBERS.items():
            for member in archive.namelist():
                if member.endswith(ending):
                    (directory / name).write_bytes(archive.read(member))


def _cut_to_regular(variable: Path, regular: Path) -> None:
    font = instancer.instantiateVariableFont(TTFont(variable), {"wght": REGULAR}, inplace=True)
    fresh = regular.with_suffix(".new")
    font.save(fresh)
    fresh.replace(regular)
    variable.unlink()


if __name__ == "__main__":
    try:
        ensure_fonts(Path(sys.argv[1]).resolve())
    except LaptopError as error:
        sys.exit(f"tir.laptop.fonts: {error}")
