"""Our checkpoints are brought to the witnesses that have an address (c2sp.org/tlog-witness), and theirs taken back."""

import re
from datetime import datetime
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import structlog

from tir.log import witnessing
from tir.log.errors import RestoredFromBackup
from tir.log.models import Checkpoint, Fault, Log, Witness

WITNESS_SECONDS = 5.0
SIZE_DIFFERS, NOT_GROWN = 409, 422
TRIES = (
    3  # with the size that is known here, with the one it answers, and once more where somebody came between
)
MOST_BYTES = 100_000
_SIZE = re.compile(rb"(0|[1-9][0-9]{0,17})\n?")

logger = structlog.get_logger(__name__)


def bring_to_witnesses(log: Log, at: datetime, *, is_start: bool = False) -> None:
    """Have each witness that has an address sign the newest published checkpoint; at the start also those that signed
    it already, for they may have seen more since. One that does not answer is asked again later.

    Raises RestoredFromBackup where one has seen more than there is, which is kept as a fault, once all were asked.
    """
    newest = log.checkpoints.exclude(published_at=None).order_by("-pk").first()
    if newest is None:
        return
    ahead: list[RestoredFromBackup] = []
    for witness in Witness.objects.exclude(url="").order_by("pk"):
        if not is_start and newest.cosignatures.filter(witness=witness).exists():
            continue
        try:
            _try_to_bring(newest, witness, at)
        except RestoredFromBackup as error:
            _keep(log, str(error), at)
            ahead.append(error)
    if ahead:
        raise ahead[0]


def _try_to_bring(newest: Checkpoint, witness: Witness, at: datetime) -> None:
    try:
        _bring(newest, witness)
    except HTTPError as error:
        logger.warning("a witness refuses", witness=witness.name, status=error.code)
        if error.code == NOT_GROWN:
            said = f"A witness saw a log of this name that this one did not grow out of: {witness.name}."
            _keep(newest.log, said, at)
    except (URLError, OSError, ValueError) as error:
        logger.warning("a witness does not answer", witness=witness.name, why=str(error))


def _keep(log: Log, text: str, at: datetime) -> None:
    Fault.objects.bulk_create([Fault(log=log, text=text[:300], found_at=at)], ignore_conflicts=True)


def _bring(newest: Checkpoint, witness: Witness) -> None:
    """Bring one checkpoint to one witness, from the size that it says it saw last."""
    old = min(witness.size, newest.size)
    for _try in range(TRIES):
        try:
            answer = _sent(witness.url, witnessing.submission_for(newest, old))
        except HTTPError as error:
            if error.code != SIZE_DIFFERS:
                raise
            old = _size_in(error.read(30))
            _ensure_not_ahead(witness, old, newest)
        else:
            witnessing.take_cosignatures(newest, answer.splitlines())
            return
    raise ValueError("it goes on answering that it saw another size")


def _size_in(body: bytes) -> int:
    found = _SIZE.fullmatch(body)
    if found is None:
        raise ValueError("it answers 409 without the size that it saw")
    return int(found[1])


def _ensure_not_ahead(witness: Witness, seen: int, newest: Checkpoint) -> None:
    if seen > newest.size:
        raise RestoredFromBackup(
            f"A witness has seen {seen:,} entries, and {newest.size:,} are here: is this database restored from a "
            f"backup? Then end this log: manage.py log end. The witness is {witness.name}."
        )


def _sent(url: str, submission: witnessing.Submission) -> str:
    address = f"{url.rstrip('/')}/add-checkpoint"
    if not address.startswith(("http://", "https://")):
        raise ValueError(f"{address} is no address of a witness")
    request = Request(address, data=str(submission).encode(), headers={"Content-Type": "text/plain"})  # noqa: S310
    with urlopen(request, timeout=WITNESS_SECONDS) as answer:  # noqa: S310
        said: bytes = answer.read(MOST_BYTES)
    return said.decode()
