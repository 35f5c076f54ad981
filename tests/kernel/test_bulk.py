"""One row goes by a prepared statement, many as one JSON document: what is stored must not tell which it was."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.apps.registry import Apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from psycopg2.extras import Json

from guarantees.models import Association, LiabilityMaximum
from tests.world import World
from tir.kernel.bulk import Writes

AHEAD = timezone(timedelta(hours=5, minutes=30))
AWKWARD = "\"quoted\" 'twice' \\ back\\\\slash {a,b} %s $1 NULL \n\t хлопок 棉花 🚛"


class Sheet(models.Model):
    """A table with a column of every type that our tables have."""

    id = models.UUIDField(primary_key=True)
    instant = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    amount = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    digest = models.BinaryField(null=True)
    texts = ArrayField(models.CharField(max_length=100), null=True)
    text = models.TextField(null=True)  # noqa: DJ001  (a null is among what is tested)
    count = models.PositiveIntegerField(null=True)
    yes = models.BooleanField(null=True)
    told = models.JSONField(null=True)

    class Meta:
        apps = Apps()
        app_label = "kernel"

    def __str__(self) -> str:
        return str(self.id)


# field, what is written, what is read
VALUES: list[tuple[str, Any, Any]] = [
    ("instant", datetime(2026, 3, 2, 6, 0, 1, 123456, UTC), datetime(2026, 3, 2, 6, 0, 1, 123456, UTC)),
    ("instant", datetime(2026, 3, 2, 1, 15, 0, 1, AHEAD), datetime(2026, 3, 1, 19, 45, 0, 1, UTC)),
    ("instant", datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC)),
    ("day", date(2028, 2, 29), date(2028, 2, 29)),
    ("amount", Decimal("8200.500001"), Decimal("8200.500001")),
    ("amount", Decimal("-0.1"), Decimal("-0.1")),
    ("amount", Decimal("1E+9"), Decimal(1_000_000_000)),
    ("amount", Decimal("99999999999999.999999"), Decimal("99999999999999.999999")),
    ("digest", bytes(range(256)), bytes(range(256))),
    ("digest", memoryview(b"\\x00"), b"\\x00"),
    ("digest", b"", b""),
    ("texts", [AWKWARD, "", "NULL", "{}", "a,b"], [AWKWARD, "", "NULL", "{}", "a,b"]),
    ("texts", [], []),
    ("text", AWKWARD, AWKWARD),
    ("text", "\\x41", "\\x41"),
    ("text", "", ""),
    ("count", 2_147_483_647, 2_147_483_647),
    ("count", 0, 0),
    ("yes", True, True),
    ("yes", False, False),
    ("told", Json({AWKWARD: [1, 2.5, None, True, {"in": AWKWARD}]}), {AWKWARD: [1, 2.5, None, True, {"in": AWKWARD}]}),
    ("told", Json([]), []),
    ("told", Json("said"), "said"),
]  # fmt: skip
NULLS = [field.name for field in Sheet._meta.get_fields() if field.name != "id"]


def key(number: int) -> UUID:
    return UUID(int=number)


def write(collect: Callable[[Writes], None]) -> list[str]:
    """Send what `collect` adds; return the statements that went to PostgreSQL."""
    writes = Writes()
    collect(writes)
    with CaptureQueriesContext(connection) as captured:
        writes.send()
    return [query["sql"] for query in captured.captured_queries]


def read(name: str) -> list[Any]:
    """Return a column as Django reads it, in the order of the keys."""
    found = Sheet.objects.order_by("id").values_list(name, flat=True)
    return [bytes(value) if isinstance(value, memoryview) else value for value in found]


def as_text(name: str) -> list[str | None]:
    """Return a column as PostgreSQL writes it, so that nothing of ours stands between."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}::text FROM {Sheet._meta.db_table} ORDER BY id")
        return [text for (text,) in cursor.fetchall()]


@pytest.fixture
def sheets(db: None) -> None:
    """Make the table, which goes with the transaction of the test: a temporary one, for web makes no other."""
    with connection.schema_editor(collect_sql=True) as editor:
        editor.create_model(Sheet)
    (made,) = editor.collected_sql
    with connection.cursor() as cursor:
        cursor.execute(made.replace("CREATE TABLE", "CREATE TEMPORARY TABLE").rstrip(";") + " ON COMMIT DROP")


@pytest.mark.usefixtures("sheets")
class TestOneRowAndMany:
    @pytest.mark.parametrize(("name", "written", "expected"), VALUES)
    def test_are_inserted_the_same(self, name: str, written: Any, expected: Any) -> None:
        write(lambda writes: writes.insert(Sheet, ("id", name), [(key(1), written)]))
        write(lambda writes: writes.insert(Sheet, ("id", name), [(key(2), written), (key(3), written)]))

        assert read(name) == [expected] * 3
        assert len(set(as_text(name))) == 1
        assert read("id") == [key(1), key(2), key(3)]

    @pytest.mark.parametrize(("name", "written", "expected"), VALUES)
    def test_are_updated_the_same(self, name: str, written: Any, expected: Any) -> None:
        Sheet.objects.bulk_create(Sheet(id=key(number)) for number in (1, 2, 3))

        write(lambda writes: writes.update(Sheet, (name,), [(key(1), written)]))
        write(lambda writes: writes.update(Sheet, (name,), [(key(2), written), (key(3), written)]))

        assert read(name) == [expected] * 3
        assert len(set(as_text(name))) == 1

    def test_go_by_name_even_where_a_column_is_a_reference(self, world: World) -> None:
        columns = ("amount", "currency", "association", "valid_from", "valid_to")
        one, two, three = (world.associations[country].pk for country in ("CN", "KZ", "UZ"))
        last = (date(2009, 1, 1), date(2009, 12, 31))

        write(lambda writes: writes.insert(LiabilityMaximum, columns, [(Decimal("1.25"), "USD", one, *last)]))
        many = [(Decimal("1.25"), "USD", other, *last) for other in (two, three)]
        write(lambda writes: writes.insert(LiabilityMaximum, columns, many))

        found = LiabilityMaximum.objects.filter(currency="USD").order_by("association__country")
        assert list(found.values_list("association__country", "amount", "valid_from", "valid_to")) == [
            (country, Decimal("1.25"), *last) for country in ("CN", "KZ", "UZ")
        ]

    def test_have_a_value_for_every_column(self) -> None:
        for rows in ([(key(1), 7), (key(2),)], [(key(1),), (key(2), 7)]):
            with pytest.raises(ValueError, match="zip"):
                Writes().insert(Sheet, ("id", "count"), rows)

        write(lambda writes: writes.insert(Sheet, ("id", "count"), [(key(1), 7), (key(2), 8)]))
        assert read("count") == [7, 8]


@pytest.mark.usefixtures("sheets")
class TestNulls:
    @pytest.mark.parametrize("others", [0, 2])
    def test_stand_where_no_row_says_anything(self, others: int) -> None:
        rows = [(key(number), *[None] * len(NULLS)) for number in range(1 + others)]

        (sent,) = write(lambda writes: writes.insert(Sheet, ("id", *NULLS), rows))

        assert Sheet.objects.count() == 1 + others
        for name in NULLS:
            assert as_text(name) == [None] * (1 + others)
            assert f'"{name}"' not in sent

    def test_stand_beside_the_values_of_other_rows(self) -> None:
        said = dict((name, (written, expected)) for name, written, expected in VALUES)
        full = [said[name][0] for name in NULLS]

        rows = [(key(1), *full), (key(2), *[None] * len(NULLS))]
        write(lambda writes: writes.insert(Sheet, ("id", *NULLS), rows))

        for name in NULLS:
            assert read(name) == [said[name][1], None]
            assert as_text(name)[1] is None

    @pytest.mark.parametrize("numbers", [(1,), (1, 2)])
    @pytest.mark.parametrize(("name", "written", "expected"), VALUES)
    def test_replace_values(self, numbers: tuple[int, ...], name: str, written: Any, expected: Any) -> None:
        write(lambda writes: writes.insert(Sheet, ("id", name), [(key(n), written) for n in (1, 2, 3)]))

        write(lambda writes: writes.update(Sheet, (name,), [(key(n), None) for n in numbers]))

        assert as_text(name)[: len(numbers)] == [None] * len(numbers)
        assert read(name)[len(numbers) :] == [expected] * (3 - len(numbers))


@pytest.mark.usefixtures("sheets")
class TestAnUpdate:
    @pytest.mark.parametrize("numbers", [(2,), (2, 3)])
    def test_touches_only_what_it_names(self, numbers: tuple[int, ...]) -> None:
        Sheet.objects.bulk_create(Sheet(id=key(n), text="old", count=n, yes=True) for n in (1, 2, 3, 4))

        rows = [(key(n), "new", 10 * n) for n in numbers]
        write(lambda writes: writes.update(Sheet, ("text", "count"), rows))

        kept = {1: ("old", 1), 2: ("old", 2), 3: ("old", 3), 4: ("old", 4)}
        changed = {2: ("new", 20), 3: ("new", 30)}
        expected = kept | {n: changed[n] for n in numbers}
        assert list(zip(read("text"), read("count"), strict=True)) == [expected[n] for n in (1, 2, 3, 4)]
        assert read("yes") == [True] * 4

    @pytest.mark.parametrize("keys", [[9], [9, 1]])
    def test_makes_no_row_of_a_key_that_is_not_there(self, keys: list[int]) -> None:
        Sheet.objects.create(id=key(1), count=0)

        write(lambda writes: writes.update(Sheet, ("count",), [(key(n), n) for n in keys]))

        assert read("count") == [1 if 1 in keys else 0]
        assert read("id") == [key(1)]


@pytest.mark.usefixtures("sheets")
class TestSending:
    def test_takes_one_round_trip_for_all_and_keeps_their_order(self) -> None:
        def collect(writes: Writes) -> None:
            writes.insert(Sheet, ("id", "text"), [(key(1), "first; '")])
            writes.insert(Sheet, ("id", "text"), [(key(2), "first"), (key(3), "first")])
            writes.update(Sheet, ("text",), [(key(1), "second"), (key(2), "second")])
            writes.update(Sheet, ("text",), [(key(2), "third")])

        assert len(write(collect)) == 1
        assert read("text") == ["second", "third", "first"]

    @pytest.mark.parametrize("others", [0, 2])
    def test_may_call_one_statement_again_and_again(self, others: int) -> None:
        """A plan is made anew after so many calls, and then its old name is forgotten: not while a call names it."""

        def collect(writes: Writes) -> None:
            for first in range(0, 100, 10):
                rows = [(key(number), first) for number in range(first, first + 1 + others)]
                writes.insert(Sheet, ("id", "count"), rows)

        assert len(write(collect)) == 1
        assert read("count") == [first for first in range(0, 100, 10) for _ in range(1 + others)]

    def test_sends_nothing_where_there_are_no_rows(self) -> None:
        def nothing(writes: Writes) -> None:
            writes.insert(Sheet, ("id", "text"), [])
            writes.update(Sheet, ("text",), iter(()))

        assert write(nothing) == []
        assert write(lambda writes: writes.insert(Sheet, ("id",), iter([(key(1),)]))) != []
        assert read("id") == [key(1)]

    def test_sends_what_was_collected_once(self) -> None:
        writes = Writes()
        writes.insert(Sheet, ("id",), [(key(1),)])
        writes.send()
        writes.insert(Sheet, ("id",), [(key(2),)])
        writes.send()

        assert read("id") == [key(1), key(2)]

    @pytest.mark.parametrize("numbers", [(2,), (2, 3)])
    def test_can_follow_a_failure_of_the_same_statement(self, numbers: tuple[int, ...]) -> None:
        """A plan made within what was rolled back is still good."""

        def insert(count: int) -> None:
            rows = [(key(number), count) for number in numbers]
            write(lambda writes: writes.insert(Sheet, ("id", "count"), rows))

        with pytest.raises(IntegrityError, match="count"), transaction.atomic():
            insert(-1)
        assert read("count") == []

        insert(1)
        assert read("count") == [1] * len(numbers)


class TestAFailure:
    COLUMNS = (
        "code",
        "country",
        "country_alpha3",
        "name",
        "name_local",
        "time_zone",
        "quota_penalty",
        "quota_blocked_from",
        "stock_alarm",
    )
    CHINA, KAZAKHSTAN, UZBEKISTAN = (
        ("071", "CN", "CHN", "Association of CN", "", "Asia/Shanghai", 0, 0, 0),
        ("085", "KZ", "KAZ", "Association of KZ", "", "Asia/Almaty", 0, 0, 0),
        ("092", "UZ", "UZB", "Association of UZ", "", "Asia/Tashkent", 0, 0, 0),
    )

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("rows", [[CHINA], [UZBEKISTAN, CHINA]])
    def test_of_one_statement_leaves_nothing_of_the_others(self, rows: list[tuple[Any, ...]]) -> None:
        """Even outside a transaction, for what is sent together is one."""
        writes, again = Writes(), Writes()
        for each, last in ((writes, rows), (again, [self.UZBEKISTAN])):
            each.insert(Association, self.COLUMNS, [self.CHINA, self.KAZAKHSTAN])
            each.insert(Association, self.COLUMNS, last)

        with pytest.raises(IntegrityError, match="duplicate key"):
            writes.send()
        assert not Association.objects.exists()

        again.send()
        assert set(Association.objects.values_list("code", flat=True)) == {"071", "085", "092"}
