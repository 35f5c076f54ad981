"""The log for everybody: what a stranger fetches adds up to what was signed, and shows nothing beyond it."""

from base64 import b64decode
from hashlib import sha256

import pytest
from rest_framework.test import APIClient

from tests.api.calls import API, ago, fields, ok, problem
from tests.api.conftest import Issue
from tests.growing import ORIGIN, Grow
from tests.world import World
from tir.kernel.clock import now
from tir.log import growing, running
from tir.log.checkpoints import TreeHead, tree_head_of
from tir.log.keys import signer_of
from tir.log.models import AdministrativeAct, Log
from tir.log.notes import note_of, signers_of, verifier_of
from tir.log.tiles import tiles_of
from tir.log.tree import Frontier, is_consistent, is_included, leaf_hash

LOG = f"{API}/log"
MORE_THAN_A_TILE = 300


def acts(count: int) -> None:
    """Put so many entries on record that cost nothing."""
    for number in range(count):
        AdministrativeAct.objects.create(noun="office", ref=str(number), verb="note", content={}, at=now())


def checkpoint(guest: APIClient, below: str = LOG) -> TreeHead:
    """Return the checkpoint as a stranger verifies it, by the key that the log gives."""
    answer = guest.get(f"{below}/checkpoint")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    note = note_of(answer.content)
    found = tree_head_of(note.text)
    signers_of(note, [verifier_of(Log.objects.get(origin=found.origin).key)])
    return found


def entries_in(bundle: bytes) -> list[bytes]:
    found = []
    while bundle:
        length = int.from_bytes(bundle[:2])
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found


@pytest.fixture
def log(grow: Grow) -> Log:
    """A log of more than one tile, published at two sizes."""
    acts(MORE_THAN_A_TILE)
    grow()
    acts(3)
    return grow()


class TestTheFiles:
    def test_add_up_to_what_was_signed(self, log: Log, guest: APIClient) -> None:
        signed, frontier, tiles = checkpoint(guest), Frontier(), {}
        for tile in tiles_of(signed.size):
            answer = guest.get(f"{LOG}/{tile.path}")
            assert answer["Content-Type"] == "application/octet-stream"
            assert "immutable" in answer["Cache-Control"]
            tiles[tile.path] = answer.content
        for tile in (each for each in tiles_of(signed.size) if each.level == 0):
            path = tile.path.replace("tile/0/", "tile/entries/")
            leaves = [leaf_hash(entry) for entry in entries_in(guest.get(f"{LOG}/{path}").content)]
            assert b"".join(leaves) == tiles[tile.path]
            for leaf in leaves:
                frontier.add(leaf)

        assert (signed.origin, frontier.size, frontier.root) == (ORIGIN, log.size, signed.root)
        assert list(tiles) == ["tile/0/000", f"tile/0/001.p/{log.size - 256}", "tile/1/000.p/1"]

    def test_are_also_those_of_each_size_that_was_published(self, log: Log, guest: APIClient) -> None:
        before = log.checkpoints.order_by("pk")[1].size

        assert 256 < before < log.size
        assert guest.get(f"{LOG}/tile/0/001.p/{before - 256}").status_code == 200
        problem(guest.get(f"{LOG}/tile/0/001.p/{before - 255}"), 404, "not_found")

    def test_show_nothing_that_is_not_published(self, log: Log, guest: APIClient) -> None:
        acts(2)
        growing.grow(log=log, signer=signer_of(log.origin), at=now())  # committed, and not published yet
        width = log.size + 2 - 256

        assert checkpoint(guest).size == log.size
        for address in ("tile/0", "tile/entries"):
            problem(guest.get(f"{LOG}/{address}/001.p/{width}"), 404, "not_found")
        growing.publish(log, running.head_of(log.origin), now())
        for address in ("tile/0", "tile/entries"):
            assert guest.get(f"{LOG}/{address}/001.p/{width}").status_code == 200

    @pytest.mark.parametrize(
        "path", ["0/001", "0/x000/000", "0/00", "00/000", "64/000", "0/000.p/0", "0/000.p/256", "0/000/", "1/000",
                 "0/x999/x999/x999/x999/x999/999", "entries/000.p/7"]
    )  # fmt: skip
    def test_that_no_such_tree_has_are_absent(self, log: Log, guest: APIClient, path: str) -> None:
        answer = guest.get(f"{LOG}/tile/{path}")

        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")

    def test_have_no_slash_at_the_end(self, log: Log, guest: APIClient) -> None:
        problem(guest.get(f"{LOG}/checkpoint/"), 404, "no_such_address")
        assert guest.get(f"{LOG}/checkpoint").status_code == 200


class TestAProof:
    def test_of_an_entry_leads_to_the_signed_root(self, log: Log, guest: APIClient) -> None:
        entry = entries_in(guest.get(f"{LOG}/tile/entries/000").content)[7]
        by_index = guest.get(f"{LOG}/proof?index=7")
        by_leaf = guest.get(f"{LOG}/proof?leaf={leaf_hash(entry).hex()}")
        said, note = by_index.content.split(b"\n\n", 1)
        heading, index, *path = said.decode().split("\n")
        signed = tree_head_of(note_of(note).text)

        assert (heading, index) == ("c2sp.org/tlog-proof@v1", "index 7")
        assert by_leaf.content == by_index.content
        proof = [b64decode(line) for line in path]
        assert is_included(leaf_hash(entry), 7, signed.size, proof, signed.root)
        assert not is_included(leaf_hash(entry), 8, signed.size, proof, signed.root)

    def test_is_made_for_a_size_that_was_published(self, log: Log, guest: APIClient) -> None:
        before = log.checkpoints.order_by("pk")[1].size
        answer = guest.get(f"{LOG}/proof?index=7&size={before}")

        assert tree_head_of(note_of(answer.content.split(b"\n\n", 1)[1]).text).size == before
        found = problem(guest.get(f"{LOG}/proof?index=7&size={before + 1}"), 404, "no_such_checkpoint")
        assert (fields(found), found["newest"]) == ({"size": "no_such_checkpoint"}, log.size)

    def test_of_growth_leads_from_one_root_to_the_other(self, log: Log, guest: APIClient) -> None:
        before = log.checkpoints.order_by("pk")[1]
        lines = guest.get(f"{LOG}/proof?from={before.size}&size={log.size}").content.decode().splitlines()
        signed = checkpoint(guest)
        proof = [b64decode(line) for line in lines]

        assert is_consistent(before.size, signed.size, proof, bytes(before.root), signed.root)
        assert not is_consistent(before.size, signed.size, proof, sha256(b"").digest(), signed.root)
        assert guest.get(f"{LOG}/proof?from={log.size}").content == b""

    def test_is_not_made_of_what_is_not_there(self, log: Log, guest: APIClient) -> None:
        assert guest.get(f"{LOG}/proof?index={log.size - 1}").status_code == 200
        assert fields(problem(guest.get(f"{LOG}/proof?index={log.size}"), 404, "no_such_entry")) == {
            "index": "no_such_entry"
        }
        problem(guest.get(f"{LOG}/proof?leaf={'0' * 64}"), 404, "no_such_entry")
        found = problem(guest.get(f"{LOG}/proof?from=1&size={log.size + 1}"), 404, "no_such_checkpoint")
        assert fields(found) == {"size": "no_such_checkpoint"}
        assert fields(problem(guest.get(f"{LOG}/proof?from=9&size=8"), 404, "no_such_checkpoint")) == {
            "from": "no_such_checkpoint"
        }

    @pytest.mark.parametrize(
        ("query", "field"), [("index=01", "index"), ("index=-1", "index"), ("leaf=abc", "leaf"), ("from=0", "from"),
                             ("index=1&size=x", "size"), ("index=1&depth=2", "depth")]
    )  # fmt: skip
    def test_refuses_what_cannot_be_read(self, log: Log, guest: APIClient, query: str, field: str) -> None:
        assert list(fields(problem(guest.get(f"{LOG}/proof?{query}"), 400, "body_invalid"))) == [field]

    @pytest.mark.parametrize("query", ["", "index=1&from=1", "size=2"])
    def test_is_asked_for_by_one_of_three(self, log: Log, guest: APIClient, query: str) -> None:
        problem(guest.get(f"{LOG}/proof?{query}"), 400, "proof_not_asked")
        for one in ("index=1", "from=1", f"index=1&size={log.size}"):
            assert guest.get(f"{LOG}/proof?{one}").status_code == 200


class TestTheLog:
    def test_says_what_it_is(self, log: Log, guest: APIClient) -> None:
        acts(2)
        said = ok(guest.get(f"{LOG}/"))

        assert (said["origin"], said["key"], said["size"]) == (ORIGIN, log.key, log.size)
        assert said["checkpoint"]["size"] == log.size
        assert said["pending"]["count"] == 2
        assert 0 <= said["pending"]["oldest_seconds"] < 60
        assert said["ended"] == []

    def test_that_has_not_begun_is_absent(self, grow: Grow, guest: APIClient) -> None:
        addresses = ("/", "/checkpoint", "/proof?index=0", "/tile/0/000")
        for address in addresses:
            problem(guest.get(f"{LOG}{address}"), 404, "no_log")
        acts(256)
        grow()

        assert {guest.get(f"{LOG}{address}").status_code for address in addresses} == {200}

    def test_that_was_ended_stays_where_it_says(self, log: Log, grow: Grow, guest: APIClient) -> None:
        growing.end(log=log, head=running.head_of(ORIGIN), reason="A backup was restored.", at=now())
        acts(1)
        newer = grow()
        said = ok(guest.get(f"{LOG}/"))
        (ended,) = said["ended"]

        assert (said["origin"], newer.origin) == (f"{ORIGIN}-2", f"{ORIGIN}-2")
        assert (ended["origin"], ended["size"], ended["reason"]) == (
            ORIGIN,
            log.size,
            "A backup was restored.",
        )
        assert ended["address"] == f"{LOG}/ended/1"
        assert checkpoint(guest, ended["address"]).size == log.size
        assert guest.get(f"{ended['address']}/tile/0/000").status_code == 200
        assert guest.get(f"{ended['address']}/tile/entries/000").status_code == 200
        assert guest.get(f"{ended['address']}/proof?index=7").status_code == 200
        problem(guest.get(f"{LOG}/ended/2/checkpoint"), 404, "no_log")


class TestAProofOfEvidence:
    def test_gives_what_the_leaf_is_made_of(
        self, world: World, issue: Issue, grow: Grow, association: APIClient, guarantor: APIClient
    ) -> None:
        carnet = issue()
        row = world.stamp(carnet, 1, ago(days=9)).row
        refusal = world.refuse(carnet, 3, ago(days=8))
        report = world.report(carnet, "CNURC001", ago(days=8))
        control = world.control(carnet, "CNURC001", ago(days=8))
        assert row is not None
        grow()

        for noun, kind, key in (
            ("stamps", "stamp", row["id"]), ("refusals", "refusal", refusal.pk), ("incidents", "report", report.pk),
            ("controls", "control", control.pk),
        ):  # fmt: skip
            answer = association.get(f"{API}/{noun}/{key}/proof")
            said, note = answer.content.split(b"\n\n", 1)
            _heading, extra, index, *path = said.decode().split("\n")
            packed = b64decode(extra.removeprefix("extra "))
            signed = tree_head_of(note_of(note).text)
            leaf = leaf_hash(b"\x01" + sha256(packed).digest())

            assert packed[16:].startswith(f"{kind}\n".encode())
            assert str(key).encode() in packed
            at = int(index.removeprefix("index "))
            assert is_included(leaf, at, signed.size, [b64decode(line) for line in path], signed.root)
            problem(guarantor.get(f"{API}/{noun}/{key}/proof"), 404, "not_found")

    def test_waits_for_the_log(
        self, world: World, issue: Issue, grow: Grow, association: APIClient, guarantor: APIClient
    ) -> None:
        grow()
        row = world.stamp(issue(), 1, ago(days=9)).row
        assert row is not None
        address = f"{API}/stamps/{row['id']}/proof"

        found = problem(association.get(address), 409, "not_logged_yet")
        assert found["logged_by"] == row["receipt"]["promise"]["logged_by"]
        problem(guarantor.get(address), 404, "not_found")
        grow()
        assert association.get(address).status_code == 200
