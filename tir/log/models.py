"""The log of all that is put on record: which entry stands where, the tree over them, and what was signed of it.

An entry says nothing in clear: it is a hash over a salt and the content of a row of some ledger, which stays where it
is.
"""

from django.contrib.postgres.indexes import HashIndex
from django.db import models

from tir.kernel.models import AppendOnly


class LeafHash(models.Func):
    """The hash by which an entry stands in the tree, out of the hash that stands in the entry (see `entries`)."""

    template = r"sha256('\x0001'::bytea || %(expressions)s)"
    output_field = models.BinaryField()


class Log(models.Model):
    """One log: it only ever grows, and is ended where it could have forked. The newest is the one that grows."""

    origin = models.CharField(max_length=200, unique=True)
    key = models.CharField(max_length=300)  # with which its checkpoints are verified
    began_at = models.DateTimeField()
    size = models.BigIntegerField(default=0)  # as published: what anyone outside may have seen
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), name="one_log_grows", condition=models.Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.origin


class Pending(models.Model):
    """An entry that waits for its place; it came with its row, in the same transaction (see `log_take.sql`).

    Its hash is of what the row says, without a salt: only who sees the row sees it. Its place brings the salt.
    """

    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=60)  # the row's primary key, as text
    hash = models.BinaryField()
    since = models.DateTimeField()
    fault = models.CharField(max_length=40, blank=True, db_default="")

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"


class Entry(models.Model):
    """An entry in its place. The salt goes when its row's content must be forgotten; the hash stays."""

    pk = models.CompositePrimaryKey("log", "index")
    log = models.ForeignKey(Log, models.PROTECT)
    index = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    ref = models.CharField(max_length=60)
    salt = models.BinaryField(null=True)
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint("ref", "kind", name="logged_once")]
        indexes = [
            models.Index("log", "kind", "index", name="entry_by_kind"),  # the feeds
            HashIndex(
                LeafHash("hash"), name="entry_by_leaf"
            ),  # whoever holds salt and content asks where it stands
        ]

    def __str__(self) -> str:
        return f"{self.index}: {self.kind} {self.ref}"


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree, one after another."""

    pk = models.CompositePrimaryKey("log", "level", "index")
    log = models.ForeignKey(Log, models.PROTECT)
    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """What was signed of the tree, and when; published once the copy outside knows it."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="checkpoints")
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("log", "size", name="checkpoint_by_size")]

    def __str__(self) -> str:
        return self.note


class Fault(models.Model):
    """What did not hold when the log was checked again, as it goes on all day; a person looks into it."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="faults")
    text = models.CharField(max_length=300)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("log", "text", name="fault_once")]

    def __str__(self) -> str:
        return self.text


class Witness(models.Model):
    """Who keeps our checkpoints and signs that they only grow. With `url` they are brought there."""

    key = models.CharField(max_length=300, unique=True)
    name = models.CharField(max_length=200)
    url = models.URLField(blank=True)
    size = models.BigIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Cosignature(models.Model):
    """One signature of a witness under one of our checkpoints."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, models.PROTECT)
    line = models.CharField(max_length=500)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("checkpoint", "witness", name="cosigned_once")]

    def __str__(self) -> str:
        return self.line


class WatchedLog(models.Model):
    """The log of another node that we are a witness of, as we last saw it."""

    key = models.CharField(max_length=300)
    origin = models.CharField(max_length=200, unique=True)
    size = models.BigIntegerField(default=0)
    root = models.BinaryField(default=bytes)
    note = models.TextField(blank=True)
    seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.origin


class VerifierKey(AppendOnly):
    """A key that others verify with, from when on it is used here: a change of keys stands in the log."""

    logged_as = "key"

    purpose = models.CharField(max_length=20)  # log, voucher, witness
    text = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        db_table = "log_publickey"
        constraints = [models.UniqueConstraint("purpose", "text", name="key_once")]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.text}"


class AdministrativeAct(AppendOnly):
    """What an administration changed in what the others work by: an office, a posting, a maximum, a role. The database
    itself writes it down (see `log_act.sql`), whoever changed it and by what means; who it was it says where the
    transaction was told (`tir.audit.acting`), and nothing for a command or the clock."""

    logged_as = "administrative_act"

    noun = models.CharField(max_length=40)
    ref = models.CharField(max_length=60)
    verb = models.CharField(max_length=10)
    content = models.JSONField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(
        null=True
    )  # null, never blank: what is not stated adds nothing to a hash
    actor = models.CharField(max_length=150, null=True)  # noqa: DJ001
    request_id = models.CharField(max_length=64, null=True)  # noqa: DJ001

    class Meta(AppendOnly.Meta):
        indexes = [
            models.Index("request_id", name="act_by_request", condition=models.Q(request_id__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.noun} {self.ref}"
