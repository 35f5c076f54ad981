"""What the night tries of every tree up to 2,000 entries, by day up to 40."""

from tests.log.pairs import main


def test_every_pair_of_small_trees() -> None:
    assert main(40, 1) == "1,640 proofs of trees up to 40, 111 hashes of tiles"
