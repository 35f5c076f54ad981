#!/usr/bin/env python3
"""Verify an exported log without the system that wrote it: python3 docs/verify.py DIR [--checkpoint FILE]...

DIR is what `manage.py log export DIR` wrote. A FILE is a checkpoint that somebody kept: an association, a ministry, a
phone, or the line of size and root printed on a paper, if the signed text was kept with it. Nothing is believed but
signatures and hashes: contents must hash to entries, entries to the tree, the tree to what was signed, and what was
kept must be a beginning of it. Each thing that does not hold is named. Exit status 0 if all holds, 1 if not.

It needs Python 3.11 and the package `cryptography`, and nothing else: read it, it is short.
Formats: c2sp.org/signed-note, tlog-checkpoint, tlog-tiles, tlog-cosignature; RFC 6962 section 2.1.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

SIGNS, COSIGNS = 1, 4
LINE = re.compile(rb"(0|[1-9][0-9]*)(?:\t([0-9a-f]{32})\t([a-z_]+)\t([^\t\n]*))?\n")
RECEIPTS = {"stamp": "", "refusal": " of a refusal", "report": " of a report"}  # how each begins
LONG = {"report_photo": "sha256", "control_photo": "sha256", "claim_document": "sha256", "proof": "sha256"}


class Wrong(Exception):
    """What does not hold, in words."""


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unbase64(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong(f"{text!r} is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise Wrong(f"{text!r} is not the one way to write it in base64")
    return raw


# --- Signed notes ----------------------------------------------------------------------------------------------
class Key:
    """A verifier key: NAME+ID+BASE64 of one byte for its kind and the public key."""

    def __init__(self, text):
        self.name, said, packed = text.split("+", 2)
        raw = unbase64(packed)
        self.kind, self.public = raw[0], raw[1:]
        self.id = sha(self.name.encode(), b"\n", raw)[:4]
        if said != self.id.hex():
            raise Wrong(f"the key of {self.name} has not the id that it says")

    def verify(self, message, signature):
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise Wrong(f"{self.name} did not sign this checkpoint") from None


class Checkpoint:
    """Origin, size and root of a log, as signed."""

    def __init__(self, document):
        try:
            whole = document.decode()
        except UnicodeDecodeError:
            raise Wrong("the checkpoint is not UTF-8") from None
        self.text, blank, lines = whole.rpartition("\n\n")
        self.text += "\n"
        if not blank or not lines.endswith("\n"):
            raise Wrong("the checkpoint has no signatures")
        self.signatures = [self._signature(line) for line in lines[:-1].split("\n")]
        said = self.text[:-1].split("\n")
        if len(said) != 3 or not re.fullmatch("0|[1-9][0-9]*", said[1]):
            raise Wrong("the checkpoint is not an origin, a size and a root")
        self.origin, self.size, self.root = said[0], int(said[1]), unbase64(said[2])

    @staticmethod
    def _signature(line):
        found = re.fullmatch(r"— (\S+) (\S+)", line)
        if not found:
            raise Wrong(f"{line!r} is no signature")
        packed = unbase64(found[2])
        return found[1], packed[:4], packed[4:]

    def verify(self, log, witnesses, *, all_known):
        """The log signed it; so did every witness whose signature is there. Return the witnesses' names."""
        names, by_log = [], False
        for name, key_id, raw in self.signatures:
            if (name, key_id) == (log.name, log.id):
                log.verify(self.text.encode(), raw)
                by_log = True
                continue
            known = [each for each in witnesses if (each.name, each.id) == (name, key_id)]
            if known:
                seconds = int.from_bytes(raw[:8])
                known[0].verify(f"cosignature/v1\ntime {seconds}\n{self.text}".encode(), raw[8:])
                names.append(name)
            elif all_known:
                raise Wrong(f"the signature of {name} is of no key that stands in the log")
        if not by_log or self.origin != log.name:
            raise Wrong(f"{log.name} did not sign the checkpoint of {self.origin}")
        return names


# --- The tree --------------------------------------------------------------------------------------------------
class Tree:
    """RFC 6962: complete subtrees, the largest first; every eighth level also stands in tiles."""

    def __init__(self):
        self.size, self.subtrees, self.tiles = 0, [], {}

    def add(self, leaf):
        """Add the hash of an entry (32 bytes), and keep what stands in tiles."""
        level, index, hash_ = 0, self.size, leaf
        self._keep(level, index, hash_)
        while index % 2:
            hash_ = sha(b"\x01", self.subtrees.pop(), hash_)
            level, index = level + 1, index // 2
            self._keep(level, index, hash_)
        self.subtrees.append(hash_)
        self.size += 1

    def _keep(self, level, index, hash_):
        if level % 8 == 0:
            self.tiles.setdefault((level // 8, index // 256), []).append(hash_)

    def root(self):
        if not self.subtrees:
            return sha()
        *lefts, root = self.subtrees
        for left in reversed(lefts):
            root = sha(b"\x01", left, root)
        return root

    def files(self):
        """Return the path and content of each tile."""
        return {
            path_of(f"tile/{level}", index, len(row)): b"".join(row)
            for (level, index), row in self.tiles.items()
        }


def path_of(prefix, index, width):
    digits = str(index).zfill(-(-len(str(index)) // 3) * 3)
    threes = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    place = "/".join([f"x{three}" for three in threes[:-1]] + threes[-1:])
    return f"{prefix}/{place}" + ("" if width == 256 else f".p/{width}")


# --- One log ---------------------------------------------------------------------------------------------------
class Exported:
    """One log as it lies in a directory. `former` is the one that was ended before it: what stood in that is not said
    again."""

    def __init__(self, base, kept, former=None):
        self.base, self.kept, self.faults, self.covered = base, kept, [], set()
        self.tree, self.entries, self.long, self.empty, self.receipted = Tree(), {}, set(), [], []
        self.redacted, self.origins, self.origin, self.begun = {}, set(), "", 0 if former else None
        self.keys = {purpose: list(texts) for purpose, texts in former.keys.items()} if former else {}

    def verify(self):
        """Compare from the contents upward; what is wrong is collected, what cannot be read ends it."""
        signed = Checkpoint(self._read("checkpoint"))
        self.origin = signed.origin
        wanted = self._wanted(signed)
        roots = self._read_contents(wanted)
        if self.tree.size != signed.size:
            self.faults.append(f"{signed.size} entries were signed, and {self.tree.size} are here")
        for size, checkpoint in wanted:
            if size in roots and roots[size] != checkpoint.root:
                self.faults.append(f"the first {size} entries are not those that were signed")
        for path, content in {**self.tree.files(), **self._bundles()}.items():
            if self._read(path) != content:
                self.faults.append(f"{path} is not what its entries come to")
        self._verify_signatures(signed)
        self._verify_receipts()

    def _wanted(self, signed):
        kept = [each for each in self.kept if each.origin == signed.origin]
        for each in kept:
            if each.size > signed.size:
                self.faults.append(
                    f"a checkpoint of {each.size} entries was kept, and {signed.size} are here"
                )
        return [(each.size, each) for each in [*kept, signed]]

    def _read_contents(self, wanted):
        """Hash every content into its entry and the entry into the tree; return the roots at the sizes wanted."""
        sizes, roots = {size for size, _checkpoint in wanted}, {}
        self.covered.add("contents")
        with (self.base / "contents").open("rb") as file:
            if 0 in sizes:
                roots[0] = self.tree.root()
            bundles = self._entries()
            for line in file:
                self._take(line, next(bundles, None))
                if self.tree.size in sizes:
                    roots[self.tree.size] = self.tree.root()
        return roots

    def _take(self, line, entry):
        at = self.tree.size
        found = LINE.fullmatch(line)
        if not found or int(found[1]) != at:
            raise Wrong(f"contents, line {at + 1}: it is not that of entry {at}")
        _index, salt, kind, content = found.groups()
        if salt is None:
            if entry is None:
                raise Wrong(f"entry {at} is missing")
            self.empty.append(at)
        else:
            hashed = b"\x01" + sha(bytes.fromhex(salt.decode()), kind, b"\n", content)
            if entry is not None and entry != hashed:
                said = content.decode(errors="replace")[:200] or "its row is gone"
                self.faults.append(f"entry {at}, {kind.decode()}: it does not say what was logged ({said})")
                hashed = entry
            else:
                self._notice(at, kind.decode(), content)
            entry = hashed
        self.entries.setdefault(at // 256, []).append(entry)
        self.tree.add(sha(b"\x00", entry))

    def _notice(self, at, kind, content):
        """Keep what later checks need."""
        if kind not in ("key", "administrative_act", *RECEIPTS, *LONG):
            return
        said = json.loads(content)
        if kind == "key":
            self.keys.setdefault(said["purpose"], []).append(said["text"])
            if self.begun is None and said["purpose"] == "log":
                self.begun = at
        elif kind in RECEIPTS:
            self.receipted.append((at, kind, said))
        elif kind == "administrative_act" and said["verb"] == "redact":
            self.redacted[said["content"]["log"], said["content"]["index"]] = said["content"]["reason"]
        elif kind == "administrative_act" and said["noun"] == "log":
            self.origins.add(said["content"]["origin"])
        elif kind in LONG and LONG[kind] in said:
            self.long.add(said[LONG[kind]].removeprefix("\\x"))

    def _entries(self):
        """Yield the entries of the bundles, so that a content that was changed is named and the rest still compared."""
        folder = self.base / "tile" / "entries"
        for path in sorted((each for each in folder.rglob("*") if each.is_file()), key=str):
            raw, at = path.read_bytes(), 0
            while at < len(raw):
                length = int.from_bytes(raw[at : at + 2])
                yield raw[at + 2 : at + 2 + length]
                at += 2 + length

    def _bundles(self):
        return {
            path_of("tile/entries", index, len(row)): b"".join(len(each).to_bytes(2) + each for each in row)
            for index, row in self.entries.items()
        }

    def _verify_signatures(self, signed):
        logs = [Key(text) for text in self.keys.get("log", [])]
        witnesses = [Key(text) for text in self.keys.get("witness", [])]
        log = next((key for key in logs if key.name == signed.origin and key.kind == SIGNS), None)
        if log is None:
            raise Wrong(f"no key of {signed.origin} stands in the log")
        signed.verify(log, witnesses, all_known=True)
        for each in self.kept:
            if each.origin == signed.origin:
                each.verify(log, witnesses, all_known=False)

    def _verify_receipts(self):
        """Every stamp, refusal and report since the first log's own key stands in it has a receipt that was signed."""
        keys = {}
        for text in self.keys.get("voucher", []):
            key = load_der_public_key(unbase64(text))
            der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            keys[sha(der)[:8].hex()] = key
        begun = self.tree.size if self.begun is None else self.begun
        for at, kind, said in self.receipted:
            promise = said.get("receipt", {}).get("promise")
            if promise is None and at < begun:
                continue
            if promise is None or not is_promised(kind, said, promise, keys.get(promise["key"])):
                self.faults.append(f"entry {at}, {kind} {said['id']}: its receipt was not signed")

    def _read(self, path):
        self.covered.add(path)
        file = self.base / path
        return file.read_bytes() if file.is_file() else b""


def is_promised(kind, said, promise, key):
    """Whether the key signed the receipt: the text that checkpoints/evidence/receipts.py describes."""
    if key is None:
        return False
    recorded_at = microseconds(said["recorded_at"])
    is_stamp = kind == "stamp"
    hashed = bytes.fromhex(said["hash"].removeprefix("\\x")) if is_stamp else statement_hash(said)
    place = f"{promise['carnet']} {said.get('page', '-')} {promise['office']}"
    hash_ = base64.b64encode(hashed).decode()
    mark = f" {promise['installation'].upper()}" if "installation" in promise else ""
    first = f"TIR receipt{RECEIPTS[kind]} 1{mark}"
    lines = (first, said["id"], place, recorded_at, hash_, promise["logged_by"])
    raw = unbase64(promise["signature"])
    signature = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    try:
        key.verify(signature, "".join(f"{line}\n" for line in lines).encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def statement_hash(said):
    """Hash what a refusal or a report says, as checkpoints/evidence/statements.py describes."""
    content = {
        name: microseconds(value) if name.endswith("_at") else value
        for name, value in said.items()
        if name != "receipt"
    }
    if "photos" in said["receipt"]:
        content["photos"] = said["receipt"]["photos"]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha(text.encode())


def microseconds(instant):
    """Write an instant as receipts do: with all six digits."""
    at, zone = instant[:19], instant[-6:]
    return f"{at}.{instant[20:-6].ljust(6, '0')}{zone}"


# --- The directory ---------------------------------------------------------------------------------------------
def verify(base, kept):
    """Return what does not hold, and how many entries were read."""
    if not (base / "checkpoint").is_file():
        return [f"{base} has no checkpoint"], 0
    ended = sorted((base / "ended").glob("*"), key=lambda each: each.name.zfill(9))
    faults, logs, former = [], {}, None
    for folder in [*ended, base]:
        prefix = "" if folder == base else f"{folder.relative_to(base)}/"
        logs[prefix] = former = log = Exported(folder, kept, former)
        try:
            log.verify()
        except (Wrong, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            faults.append(f"{prefix}{error or type(error).__name__}")
        faults += [f"{prefix}{fault}" for fault in log.faults]
    faults += verify_logs(logs, kept)
    covered = {f"{prefix}{path}" for prefix, log in logs.items() for path in log.covered}
    faults += verify_files(base, covered, set().union(*(log.long for log in logs.values())))
    return faults, sum(log.tree.size for log in logs.values())


def verify_logs(logs, kept):
    """What one log says of another holds: that it is there, and what of it was redacted."""
    here = {log.origin for log in logs.values()}
    for origin in sorted({each.origin for each in kept} - here):
        yield f"a checkpoint of {origin} was kept, and no such log is here"
    for origin in sorted(set().union(*(log.origins for log in logs.values())) - here):
        yield f"the log {origin} began, and is not here"
    redacted = set().union(*(log.redacted for log in logs.values()))
    for prefix, log in logs.items():
        for at in log.empty:
            if (log.origin, at) not in redacted:
                yield f"{prefix}entry {at} says nothing, and nobody redacted it"


def verify_files(base, covered, long):
    """Photos and papers are those of their hashes, and nothing else lies there."""
    for path in sorted(each for each in base.rglob("*") if each.is_file()):
        name = path.relative_to(base).as_posix()
        if name == "unlogged":
            yield from (
                f"{line}: it was put there behind the log"
                for line in path.read_text(errors="replace").splitlines()
            )
            yield "there are rows that no log knows of"
        elif name.startswith("long/"):
            hashed = hashlib.sha256(path.read_bytes()).hexdigest()
            if name != f"long/{hashed}" or hashed not in long:
                yield f"{name} is not what was logged"
            long.discard(hashed)
        elif name not in covered:
            yield f"{name} belongs to nothing"
    yield from (f"long/{hashed} is missing" for hashed in sorted(long))


def main():
    """Do what the command line asks; return the exit status, 0 or 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], metavar="FILE")
    arguments = parser.parse_args()
    try:
        kept = [Checkpoint(path.read_bytes()) for path in arguments.checkpoint]
    except (Wrong, OSError) as error:
        print(f"what was kept cannot be read: {error}", file=sys.stderr)
        return 1
    faults, entries = verify(arguments.directory, kept)
    for fault in faults:
        print(fault, file=sys.stderr)
    print(
        f"{entries:,} entries read. " + (f"{len(faults):,} things do not hold." if faults else "All holds.")
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
