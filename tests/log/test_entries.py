"""What an entry is a hash of: the database and Python agree about odd contents, whoever was connected when."""

from hashlib import sha256
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.world import START, World
from tir.log.entries import VERSION, content_hash, entry_of, leaf_of, statement
from tir.log.ledgers import contents, ledgers, one_text
from tir.log.models import AdministrativeAct, Pending

# What a session may have set, by whose taste: none of it may show in a hash.
SETTINGS = {
    "timezone": ["UTC", "Asia/Almaty", "America/St_Johns", "Pacific/Chatham"],
    "bytea_output": ["hex", "escape"],
    "extra_float_digits": ["1", "0", "-15", "3"],
    "intervalstyle": ["postgres", "iso_8601", "sql_standard", "postgres_verbose"],
    "xmlbinary": ["base64", "hex"],
    "lc_numeric": ["C"],
    "standard_conforming_strings": ["on", "off"],
    "quote_all_identifiers": ["off", "on"],
}
FOREIGN = {
    "datestyle": ["ISO, MDY", "German, DMY", "SQL, YMD", "Postgres, MDY"]
}  # in which Django cannot read
TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)
NUMBERS = st.one_of(
    st.integers(-(10**18), 10**18), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()
)
DOCUMENTS = st.recursive(
    st.one_of(TEXTS, NUMBERS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
)


def set_as(settings: dict[str, str]) -> None:
    with connection.cursor() as cursor:
        for name, wanted in settings.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, wanted])


def hashes_agree() -> int:
    """Read every pending row's content as the log does, and return how many there are; each must fit its hash."""
    one_text()
    waiting = list(Pending.objects.all())
    for each in waiting:
        (content,) = contents(each.kind, [each.ref]).values()
        assert content_hash(each.kind, content) == bytes(each.hash), (each, content)
    return len(waiting)


def written(content: object) -> str:
    """Put a document on record in an act that differs by nothing else, and return the content as it is hashed."""
    act = AdministrativeAct.objects.create(noun="n", ref="1", verb="insert", content=content, at=START)
    assert hashes_agree()
    (text,) = contents("administrative_act", [str(act.pk)]).values()
    return text.replace(f'"id": {act.pk}', '"id": 0')


class TestStatement:
    def test_is_the_salt_then_what_it_is_then_what_it_says(self) -> None:
        """By hand, as docs/verify.py has it: nothing of the code under test."""
        salted = sha256(b"0123456789abcdef" + 'stamp\n{"id": "é"}'.encode()).digest()

        assert statement("stamp", '{"id": "é"}') == b'stamp\n{"id": "\xc3\xa9"}'
        assert content_hash("stamp", '{"id": "é"}', b"0123456789abcdef") == salted
        assert entry_of(salted) == b"\x01" + salted == VERSION + salted
        assert leaf_of(salted) == sha256(b"\x00\x01" + salted).digest()

    def test_differs_with_every_part(self) -> None:
        parts = [("stamp", "{}", b"0" * 16), ("stamp", "{ }", b"0" * 16), ("stamps", "{}", b"0" * 16),
                 ("stamp", "{}", b"1" * 16)]  # fmt: skip
        assert len({content_hash(*each) for each in parts}) == len(parts)


@pytest.mark.django_db
class TestDatabaseAndPython:
    @hypothesis_settings(max_examples=60)
    @given(content=DOCUMENTS, noun=TEXTS, data=st.data())
    def test_agree_about_any_document(self, content: Any, noun: str, data: st.DataObject) -> None:
        with transaction.atomic():
            Pending.objects.all().delete()
            set_as({name: data.draw(st.sampled_from(some), name) for name, some in SETTINGS.items()})
            AdministrativeAct.objects.create(
                noun=noun, ref="1", verb="insert", content={"said": content}, at=START
            )
            set_as({name: data.draw(st.sampled_from(some), name) for name, some in SETTINGS.items()})
            assert hashes_agree() == 1
            transaction.set_rollback(True)

    @pytest.mark.parametrize(
        ("said", "is_alike"),
        [
            ({"a": 1, "b": None}, True),
            ({"a": 1, "b": {"c": None}}, False),  # an object that says nothing is there all the same
            ({"a": 1, "b": [None]}, False),  # and an element of a list keeps its place
            ({"a": 1, "b": False}, False),
            ({"a": None}, False),
        ],
    )
    def test_take_null_for_absent_in_an_object(self, said: object, *, is_alike: bool) -> None:
        """ADR 0028: it goes for every depth of a JSON value, so that by the log nobody tells the two apart."""
        for depth in (said, {"deep": [{"er": said}]}):
            plain: object = {"a": 1}
            found = {
                content_hash("administrative_act", written(each), b"0" * 16)
                for each in (depth, plain if depth is said else {"deep": [{"er": plain}]})
            }
            assert len(found) == (1 if is_alike else 2)

    @pytest.mark.parametrize("name", SETTINGS)
    def test_agree_whatever_is_set_when_it_is_written_and_when_it_is_read(
        self, world: World, name: str
    ) -> None:
        """On rows of many ledgers: bytes, decimals, places on earth, instants, days, lists."""
        for wanted in SETTINGS[name]:
            Pending.objects.all().delete()
            set_as({name: wanted})
            carnet = world.issue()
            at = world.travel(carnet, upto=2)
            world.report(carnet, "CNHRS001", at)
            world.control(carnet, "CNHRS001", at)
            for other in SETTINGS[name]:
                set_as({name: other})
                assert hashes_agree() >= 8

    def test_agree_about_columns_of_every_type(self) -> None:
        """A table of the types that ledgers have, or may have: it is the functions that are tried, not the tables."""
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE odd (id bigint PRIMARY KEY, f double precision, r real, n numeric, t timestamptz,"
                " d date, i interval, b bytea, j jsonb, a text[], u uuid, c text) ON COMMIT DROP;"
                "CREATE TRIGGER logged AFTER INSERT ON odd FOR EACH ROW EXECUTE FUNCTION public.log_take('odd', 'id')"
            )
            found = set()
            for name, some in (SETTINGS | FOREIGN).items():
                for number, wanted in enumerate(some):
                    set_as({name: wanted})
                    cursor.execute("DELETE FROM odd; DELETE FROM log_pending")
                    cursor.execute(
                        "INSERT INTO odd VALUES (1, 0.1::float8 + 0.2::float8, 1/3.0, 1.2300,"
                        " '2026-03-02 06:00:00.123456Z', '2026-03-02', '1 day 02:03:04', decode('00ff5c', 'hex'),"
                        ' \'{"b": 1.50, "a": null}\','
                        " ARRAY['x', NULL], '00000000-0000-0000-0000-00000000000a', E'tab\\tline\\nquote\"')"
                    )
                    cursor.execute("SELECT hash FROM log_pending")
                    ((hash_,),) = cursor.fetchall()
                    one_text()
                    cursor.execute("SELECT jsonb_strip_nulls(to_jsonb(row))::text FROM odd AS row")
                    ((content,),) = cursor.fetchall()
                    assert content_hash("odd", content) == bytes(hash_), (name, number, content)
                    found.add(content)
            assert len(found) == 1, found


def test_every_ledger_has_a_name_that_an_entry_can_have() -> None:
    assert all(
        ledger.kind.replace("_", "").isalpha() and ledger.kind.islower() for ledger in ledgers().values()
    )
