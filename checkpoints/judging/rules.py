"""Judging a carnet at a checkpoint: pure rules over facts, the same for a scan, a stamp, a preview, and a phone that has
no network. Importing this module fills the book, in the order in which reasons are told."""

from checkpoints.judging import journey, load, validity
from checkpoints.judging.book import CHECKPOINT, NEEDS_CONFIRMING, NEVER_EVIDENCE, refusal, verdict_of
from checkpoints.judging.case import Case

__all__ = [
    "CHECKPOINT", "NEEDS_CONFIRMING", "NEVER_EVIDENCE", "Case", "journey", "load", "refusal", "validity", "verdict_of",
]  # fmt: skip
