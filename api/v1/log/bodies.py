"""What the calls of the log answer, where that is JSON; the others are the texts and files of c2sp.org."""

from pydantic import BaseModel


class CheckpointOut(BaseModel):
    size: int
    root: str
    made_at: str


class PendingOut(BaseModel):
    """How many entries wait for their place in the log, and for how many seconds the oldest does."""

    count: int
    oldest_seconds: float | None


class EndedLogOut(BaseModel):
    """A log that nothing is added to any more; its files stay at `address`."""

    number: int
    origin: str
    key: str
    size: int
    ended_at: str
    reason: str
    address: str


class LogOut(BaseModel):
    """`key` verifies the checkpoints of `origin`; `size` is what was published."""

    origin: str
    key: str
    size: int
    checkpoint: CheckpointOut | None
    pending: PendingOut
    ended: list[EndedLogOut]


class CosignaturesOut(BaseModel):
    """How many of the lines are of known witnesses, and of which size of the log."""

    size: int
    taken: int
