"""What an address may hold besides words and numbers."""

from datetime import date

from django.urls import register_converter


class DayConverter:
    """A day in an address, 2026-11-24; what is no day is no address."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "day")
DAY = "<day:day>"

# A tile's place in its level, as c2sp.org/tlog-tiles writes it; and below log/, an ended log by its number, and the log
# as so many witnesses have signed it.
PLACE = r"(?P<place>(?:x[0-9]{3}/){0,5}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?)"
LEVEL = r"(?P<level>0|[1-9][0-9]?)"
ENDED = r"ended/(?P<ended>[1-9][0-9]{0,5})/"
COSIGNED = r"cosigned/(?P<witnesses>[1-9][0-9]?)/"
NUMBER = r"(?P<number>[A-Za-z0-9]{1,11})"
HOLDER = r"(?P<holder_ref>[A-Za-z]{3}-[0-9]{3}-[0-9]{1,10})"
CLAIM = r"(?P<claim_id>[0-9]{1,18})"
REQUEST = r"(?P<request_id>[0-9]{1,18})"
QUERY = r"(?P<query_id>[0-9]{1,18})"
PERSON = r"(?P<person_id>[0-9]{1,18})"
POSTING = r"(?P<posting_id>[0-9]{1,18})"
INVITATION = r"(?P<secret>[A-Za-z0-9_-]{1,100})"
OFFICE = r"(?P<office>[A-Za-z]{2}[A-Za-z0-9]{6})"
CROSSING = r"(?P<crossing>[A-Za-z0-9-]{3,20})"
TERRITORY = r"(?P<territory>[A-Za-z]{2,8})"
ASSOCIATION = r"(?P<code>[0-9]{3})"
APPROVAL = r"(?P<approval_id>[0-9]{1,18})"
