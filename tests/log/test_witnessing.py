"""A witness signs what is proved to have grown out of what it signed before, and nothing else (tlog-witness)."""

from dataclasses import replace

import pytest

from tests.logs import ORIGIN, newest, private_key, put_rows
from tests.threads import at_once, raised, returned
from tests.world import START
from tir.log import running, witnessing
from tir.log.checkpoints import COSIGNATURE, TreeHead, cosigned_at
from tir.log.models import Cosignature, Log, WatchedLog, Witness
from tir.log.notes import Note, NoteMalformed, Signer
from tir.log.tree import NO_ENTRIES, Frontier, consistency_proof, leaf_hash
from tir.log.witnessing import (
    NotGrown,
    OldSizeDiffers,
    OriginUnknown,
    SignatureRefused,
    Submission,
    add_checkpoint,
    submission_of,
)

OTHER = "node.example/log"
LOG, WITNESS = Signer(OTHER, private_key("node")), Signer("witness.example", private_key("a witness"))
SIZES = 40


class Tree:
    """Another node's log, or a second one of the same name that went another way after `same` entries."""

    def __init__(self, same: int = SIZES) -> None:
        frontier = Frontier()
        self.subtrees: dict[tuple[int, int], bytes] = {}
        self.roots = [NO_ENTRIES]
        for number in range(SIZES):
            said = number if number < same else -number
            for level, index, hash_ in frontier.add(leaf_hash(b"%d" % said)):
                self.subtrees[level, index] = hash_
            self.roots.append(frontier.root)

    def submission(self, old: int, size: int, signer: Signer = LOG) -> Submission:
        proof = ()
        if 0 < old < size:
            proof = tuple(consistency_proof(old, size, lambda *place: self.subtrees[place]))
        text = TreeHead(signer.name, size, self.roots[size]).text
        return Submission(old, proof, Note(text, (signer.sign(text),)))


HONEST = Tree()


@pytest.fixture
def watched() -> WatchedLog:
    """The log as we saw it last: with seven entries."""
    found = WatchedLog.objects.create(origin=OTHER, key=str(LOG.verifier()))
    add_checkpoint(HONEST.submission(0, 7), WITNESS, START)
    return found


def kept() -> tuple[int, bytes]:
    found = WatchedLog.objects.get()
    return found.size, bytes(found.root)


@pytest.mark.django_db
@pytest.mark.usefixtures("watched")
class TestAddCheckpoint:
    """Each refusal beside the same submission in order; what is refused changes nothing that is kept."""

    @pytest.mark.parametrize("size", [7, 8, 20, 40])
    def test_signs_what_has_grown(self, size: int) -> None:
        submission = HONEST.submission(7, size)

        signature = add_checkpoint(submission, WITNESS, START)

        assert cosigned_at(WITNESS.verifier(COSIGNATURE), submission.note.text, signature) == START
        assert kept() == (size, HONEST.roots[size])
        assert WatchedLog.objects.get().note == str(submission.note)

    @pytest.mark.parametrize(
        ("submission", "refusal"),
        [
            (Tree().submission(7, 8, Signer("stranger.example/log", private_key("node"))), OriginUnknown),
            (Tree().submission(7, 8, Signer(OTHER, private_key("thief"))), SignatureRefused),
            (HONEST.submission(6, 8), OldSizeDiffers),
            (HONEST.submission(0, 8), OldSizeDiffers),
            (HONEST.submission(8, 8), OldSizeDiffers),
            (Tree(same=6).submission(7, 8), NotGrown),
            (Tree(same=6).submission(7, 7), NotGrown),
            (replace(HONEST.submission(7, 8), proof=()), NotGrown),
            (replace(HONEST.submission(7, 7), proof=(NO_ENTRIES,)), NotGrown),
            (replace(HONEST.submission(7, 6), old=7), NoteMalformed),
        ],
        ids=[
            "origin", "signature", "old is less", "old is nothing", "old is more", "another tree",
            "another tree of one size", "no proof", "a proof of nothing", "shrunk",
        ],
    )  # fmt: skip
    def test_refuses_the_rest(self, submission: Submission, refusal: type[Exception]) -> None:
        before = kept()
        with pytest.raises(refusal) as refused:
            add_checkpoint(submission, WITNESS, START)
        if isinstance(refused.value, OldSizeDiffers):
            assert refused.value.size == 7

        assert kept() == before
        assert add_checkpoint(HONEST.submission(7, 8), WITNESS, START)

    def test_refuses_a_signature_of_another_text(self) -> None:
        right, other = HONEST.submission(7, 8), HONEST.submission(7, 9)
        with pytest.raises(SignatureRefused):
            add_checkpoint(replace(right, note=Note(right.note.text, other.note.signatures)), WITNESS, START)
        assert add_checkpoint(right, WITNESS, START)

    def test_refuses_a_proof_with_any_hash_changed(self) -> None:
        right = HONEST.submission(7, 20)
        for at in range(len(right.proof)):
            wrong = tuple(NO_ENTRIES if at == place else hash_ for place, hash_ in enumerate(right.proof))
            for proof in (wrong, right.proof[:at], (*right.proof[:at], NO_ENTRIES, *right.proof[at:])):
                with pytest.raises(NotGrown):
                    add_checkpoint(replace(right, proof=proof), WITNESS, START)
        assert add_checkpoint(right, WITNESS, START)


@pytest.mark.django_db
class TestTheFirstCheckpoint:
    @pytest.mark.parametrize("size", [0, 1, 40])
    def test_is_taken_on_trust(self, size: int) -> None:
        WatchedLog.objects.create(origin=OTHER, key=str(LOG.verifier()))
        with pytest.raises(NotGrown):
            add_checkpoint(replace(HONEST.submission(0, size), proof=(NO_ENTRIES,)), WITNESS, START)

        assert add_checkpoint(HONEST.submission(0, size), WITNESS, START)
        assert kept() == (size, HONEST.roots[size])

    def test_of_nothing_has_the_root_of_nothing(self) -> None:
        WatchedLog.objects.create(origin=OTHER, key=str(LOG.verifier()))
        text = TreeHead(OTHER, 0, HONEST.roots[1]).text
        with pytest.raises(NotGrown):
            add_checkpoint(Submission(0, (), Note(text, (LOG.sign(text),))), WITNESS, START)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_that_exclude_each_other_one_is_signed(watched: WatchedLog) -> None:
    """The race of the specification: both grow from what was seen, and not from one another."""
    one, other = HONEST.submission(7, 20), Tree(same=9).submission(7, 21)

    for _again in range(5):
        results = at_once(*(lambda s=each: add_checkpoint(s, WITNESS, START) for each in (one, other) * 2))

        assert len(returned(results)) == 1
        assert {type(error) for error in raised(results)} == {OldSizeDiffers}
        assert kept() in {(20, HONEST.roots[20]), (21, Tree(same=9).roots[21])}
        WatchedLog.objects.update(size=7, root=HONEST.roots[7])


class TestSubmissions:
    @pytest.mark.parametrize(("old", "size"), [(0, 5), (7, 7), (7, 20), (3, 40)])
    def test_read_as_they_are_written(self, old: int, size: int) -> None:
        submission = HONEST.submission(old, size)
        assert submission_of(str(submission).encode()) == submission

    @pytest.mark.parametrize(
        ("right", "wrong"),
        [
            ("old 7\n", "old 07\n"), ("old 7\n", "old -7\n"), ("old 7\n", "old 7 \n"), ("old 7\n", "old\n"),
            ("old 7\n", "new 7\n"), ("old 7\n", "old ٧\n"), ("old 7\n", ""), ("=\n", "\n"), ("\n\n", "\n"),
        ],
    )  # fmt: skip
    def test_written_otherwise_are_refused(self, right: str, wrong: str) -> None:
        document = str(HONEST.submission(7, 20))
        submission_of(document.encode())
        with pytest.raises(NoteMalformed):
            submission_of(document.replace(right, wrong, 1).encode())

    @pytest.mark.parametrize("lines", [63, 64])
    def test_have_up_to_63_hashes(self, lines: int) -> None:
        document = str(replace(HONEST.submission(7, 20), proof=(NO_ENTRIES,) * lines)).encode()
        if lines == 64:
            with pytest.raises(NoteMalformed):
                submission_of(document)
        else:
            assert len(submission_of(document).proof) == lines


@pytest.mark.django_db
@pytest.mark.usefixtures("heads")
class TestOurWitnesses:
    """What we bring them, and what we keep of theirs."""

    def test_sign_each_step_from_what_they_saw_before(self) -> None:
        put_rows(5)
        running.catch_up()
        log = Log.objects.get()
        WatchedLog.objects.create(origin=ORIGIN, key=log.key)
        Witness.objects.create(key=str(WITNESS.verifier(COSIGNATURE)), name="a witness")
        seen = 0
        for more in (0, 1, 300):
            put_rows(more, f"{more} more")
            running.catch_up()
            checkpoint = newest()
            submission = submission_of(str(witnessing.submission_for(checkpoint, seen)).encode())
            signature = add_checkpoint(submission, WITNESS, START)
            seen = checkpoint.size

            assert witnessing.take_cosignatures(checkpoint, [signature.line.removesuffix("\n")]) == 1
            assert witnessing.take_cosignatures(checkpoint, [signature.line.removesuffix("\n")]) == 1
            assert Witness.objects.get().size == seen
            assert witnessing.cosigned(checkpoint).endswith(signature.line)
        assert Cosignature.objects.count() == 3

    def test_signatures_of_others_and_of_another_text_are_passed_over(self) -> None:
        put_rows(5)
        running.catch_up()
        Witness.objects.create(key=str(WITNESS.verifier(COSIGNATURE)), name="a witness")
        stranger = LOG.sign(newest().note).line.removesuffix("\n")
        wrong = replace(LOG.sign("another"), name=WITNESS.name, key_id=WITNESS.verifier(COSIGNATURE).key_id)

        assert witnessing.take_cosignatures(newest(), [stranger, wrong.line.removesuffix("\n")]) == 0
        with pytest.raises(NoteMalformed):
            witnessing.take_cosignatures(newest(), ["no signature"])
        assert not Cosignature.objects.exists()
