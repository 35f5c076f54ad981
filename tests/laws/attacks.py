"""What an insider with every right can do to what is on record, as statements; and who must find it.

Carnet A has travelled and is discharged, B is claimed, C was refused. `verify` and `alone` are what
`manage.py verify` and `docs/verify.py` must name, given a checkpoint that was kept from before; where one says nothing
it cannot see it.
"""

from dataclasses import dataclass

A = "(SELECT min(id) FROM carnets_carnet)"
STAMP = f"carnet_id = {A} AND sequence = %d"
LAST = 8  # stamps of carnet A


@dataclass(frozen=True)
class Attack:
    """Statements run past every trigger."""

    name: str
    statements: tuple[str, ...]
    verify: str
    alone: str


def attack(name: str, *statements: str, verify: str, alone: str = "") -> Attack:
    return Attack(name, statements, verify, alone)


DIFFERS = "does not say what was logged"
GONE = "the row is gone"
ALONE_GONE = "its row is gone"
OF_CARNET_A = """
DO $$
DECLARE
    gone bigint := (SELECT min(id) FROM carnets_carnet);
    numbered text := (SELECT number FROM carnets_carnet WHERE id = gone);
    place record;
BEGIN
    FOR place IN SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()
        AND column_name IN ('carnet_id', 'carnet_number') AND table_name IN (
            SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE')
    LOOP
        EXECUTE format('DELETE FROM %I WHERE %I::text = %L', place.table_name, place.column_name,
            CASE place.column_name WHEN 'carnet_id' THEN gone::text ELSE numbered END);
    END LOOP;
    DELETE FROM carnets_carnet WHERE id = gone;
END $$
"""

ATTACKS = (
    attack(
        "a stamp is edited",
        f"UPDATE checkpoints_stamp SET packages = 400 WHERE {STAMP % 4}",
        verify=DIFFERS,
        alone=DIFFERS,
    ),
    attack(
        "a stamp is removed",
        f"DELETE FROM checkpoints_stamp WHERE {STAMP % 4}",
        verify=GONE,
        alone=ALONE_GONE,
    ),
    attack(
        "two stamps change places",
        f"UPDATE checkpoints_stamp SET sequence = 100 WHERE {STAMP % 3}",
        f"UPDATE checkpoints_stamp SET sequence = 3 WHERE {STAMP % 4}",
        f"UPDATE checkpoints_stamp SET sequence = 4 WHERE {STAMP % 100}",
        verify=DIFFERS,
        alone=DIFFERS,
    ),
    attack(
        "the last stamp is removed",
        f"DELETE FROM checkpoints_stamp WHERE {STAMP % LAST}",
        verify=GONE,
        alone=ALONE_GONE,
    ),
    attack(
        "the last stamp is removed, and the carnet's memory of it",
        f"DELETE FROM checkpoints_stamp WHERE {STAMP % LAST}",
        f"UPDATE carnets_carnet SET (latest_sequence, latest_hash) = (SELECT sequence, hash FROM checkpoints_stamp"
        f" WHERE {STAMP % (LAST - 1)}) WHERE id = {A}",
        verify=GONE,
        alone=ALONE_GONE,
    ),
    attack(
        "a carnet is removed with all its rows",
        OF_CARNET_A,
        verify=GONE,
        alone=ALONE_GONE,
    ),
    attack(
        "a report is edited",
        "UPDATE checkpoints_incident SET description = 'Nothing happened.'",
        verify=DIFFERS,
        alone=DIFFERS,
    ),
    attack(
        "a report's photo is replaced",
        "UPDATE checkpoints_incidentphoto SET content = 'another picture'"
        " WHERE id = (SELECT min(id) FROM checkpoints_incidentphoto)",
        verify="its content is not that of its hash",
        alone="is not what was logged",
    ),
    attack(
        "a report's photo is replaced with its hash",
        "UPDATE checkpoints_incidentphoto SET content = 'another picture', sha256 = sha256('another picture')"
        " WHERE id = (SELECT min(id) FROM checkpoints_incidentphoto)",
        verify=DIFFERS,
        alone=DIFFERS,
    ),
    attack(
        "a control is edited",
        "UPDATE checkpoints_controlrecord SET occurred_at = occurred_at - interval '1 hour'",
        verify=DIFFERS,
        alone=DIFFERS,
    ),
    attack(
        "a control's photo is removed",
        "DELETE FROM checkpoints_controlphoto",
        verify=GONE,
        alone=ALONE_GONE,
    ),
    attack(
        "a refusal is removed",
        "DELETE FROM checkpoints_refusal",
        verify=GONE,
        alone=ALONE_GONE,
    ),
    attack(
        "the receipt of a stamp is edited",
        "UPDATE checkpoints_stamp SET receipt = jsonb_set(receipt, '{promise,logged_by}', '\"2036-01-01\"')"
        f" WHERE {STAMP % 2}",
        verify=DIFFERS,
        alone=DIFFERS,
    ),
    attack(
        "a claim's step is edited",
        "UPDATE guarantees_claimevent SET remark = 'It was all a mistake.'",
        verify=DIFFERS,
        alone=DIFFERS,
    ),
    attack(
        "a claim's document is replaced",
        "UPDATE guarantees_claimdocument SET content = 'another paper'",
        verify="its content is not that of its hash",
        alone="is not what was logged",
    ),
    attack(
        "a liability entry is edited",
        "UPDATE guarantees_liabilityentry SET amount = amount - 1"
        " WHERE id = (SELECT min(id) FROM guarantees_liabilityentry)",
        verify=DIFFERS,
        alone=DIFFERS,
    ),
    attack(
        "a carnet's goods are edited after issue",
        f"UPDATE carnets_goodsitem SET description = 'Cigarettes' WHERE carnet_id = {A}",
        verify="does not say what it was issued for",
    ),
    attack(
        "a carnet's plates are edited after issue",
        f"UPDATE carnets_carnet SET plates = '{{99ZZ999}}' WHERE id = {A}",
        verify="does not say what it was issued for",
    ),
    attack(
        "a carnet's goods are edited, and what its issue says",
        f"UPDATE carnets_goodsitem SET description = 'Cigarettes' WHERE carnet_id = {A}",
        f"UPDATE carnets_carnetevent SET contents = carnets_contents(carnet_id) WHERE carnet_id = {A}"
        " AND verb = 'issue'",
        verify=DIFFERS,
        alone=DIFFERS,
    ),
    attack(
        "a carnet is put there that nobody issued",
        "INSERT INTO carnets_carnet SELECT (jsonb_populate_record(kept, jsonb_build_object('id', kept.id + 900,"
        f" 'number', 'XZ99009999'))).* FROM carnets_carnet AS kept WHERE id = {A}",
        verify="nobody issued it",
    ),
    attack(
        "the keys that receipts are checked with are replaced",
        "UPDATE log_publickey SET text = encode(sha256('mine'), 'base64') WHERE purpose = 'voucher'",
        verify=DIFFERS,
        alone=DIFFERS,
    ),
    attack(
        "an administrative act is removed",
        "DELETE FROM log_administrativeact WHERE noun = 'posting' AND id IN (SELECT min(id) FROM"
        " log_administrativeact WHERE noun = 'posting')",
        verify=GONE,
        alone=ALONE_GONE,
    ),
    attack(
        "a row is put there past the triggers",
        "INSERT INTO checkpoints_stamp SELECT (jsonb_populate_record(kept, jsonb_build_object('id',"
        " gen_random_uuid(), 'sequence', 9, 'page', 9, 'previous_hash', kept.hash))).* FROM checkpoints_stamp AS kept"
        f" WHERE {STAMP % LAST}",
        verify="put there behind the log",
        alone="put there behind the log",
    ),
    attack(
        "a row is forgotten without an act",
        "UPDATE log_entry SET salt = NULL WHERE kind = 'refusal'",
        "DELETE FROM checkpoints_refusal",
        verify="its salt is gone, and nobody redacted it",
        alone="says nothing, and nobody redacted it",
    ),
    attack(
        "an entry is made to fit an edited row",
        "UPDATE checkpoints_incident SET description = 'Nothing happened.'",
        "UPDATE log_entry SET hash = sha256(salt || convert_to(E'report\\n' || (SELECT jsonb_strip_nulls(to_jsonb(r))"
        "::text FROM checkpoints_incident AS r), 'UTF8')) WHERE kind = 'report'",
        verify="are not those that were signed",
        alone="are not those that were signed",
    ),
    attack(
        "an entry is removed with its row",
        "DELETE FROM log_entry WHERE kind = 'refusal'",
        "DELETE FROM checkpoints_refusal",
        verify="is missing",
        alone="entry",
    ),
    attack(
        "the log is cut, with the rows of what is cut",
        "DELETE FROM checkpoints_stamp WHERE id::text IN (SELECT ref FROM log_entry WHERE index = (SELECT max(index)"
        " FROM log_entry) AND kind = 'stamp')",
        "DELETE FROM log_entry WHERE index = (SELECT max(index) FROM log_entry)",
        verify="entries were signed, and",
        alone="entries were signed, and",
    ),
    attack(
        "an entry is put at the end that nobody signed",
        "INSERT INTO log_publickey (purpose, text, at) VALUES ('log', 'forged', now())",
        "INSERT INTO log_entry (log_id, index, kind, ref, salt, hash) SELECT max(log_id), max(index) + 1, 'key',"
        " (SELECT max(id) FROM log_publickey), sha256('salt'), sha256(sha256('salt') || convert_to(E'key\\n' ||"
        " (SELECT to_jsonb(k)::text FROM log_publickey AS k WHERE text = 'forged'), 'UTF8')) FROM log_entry",
        verify="that nobody signed",
    ),
    attack(
        "a hash in the tree is replaced",
        "UPDATE log_tile SET hashes = set_byte(hashes, 40, 255 - get_byte(hashes, 40)) WHERE level = 0 AND index = 0",
        verify="is not that of its entries",
        alone="is not what its entries come to",
    ),
    attack(
        "a tile is put there",
        "INSERT INTO log_tile (log_id, level, index, hashes) SELECT max(id), 1, 0, sha256('x') FROM log_log",
        verify="no entry belongs to",
    ),
    attack(
        "what was signed is edited",
        "UPDATE log_checkpoint SET note = replace(note, 'tir.example', 'tir.exemple')",
        verify="is not signed by its key",
        alone="checkpoint",
    ),
    attack(
        "all that was signed is removed",
        "DELETE FROM log_checkpoint",
        verify="nothing that was signed is here",
        alone="cannot be exported",
    ),
    attack(
        "the log itself is removed",
        "DELETE FROM log_checkpoint",
        "DELETE FROM log_tile",
        "DELETE FROM log_entry",
        "DELETE FROM log_log",
        verify="no such log is here",
        alone="cannot be exported",
    ),
    attack(
        "the function that takes rows into the log is replaced",
        "CREATE OR REPLACE FUNCTION log_take() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        verify="it is not that of this release",
    ),
)
