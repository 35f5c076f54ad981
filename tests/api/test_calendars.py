"""Deadlines as an iCalendar file: well formed, and each event the same from one export to the next."""

from datetime import timedelta

from api.calendars import calendar
from guarantees.clocks import Window
from guarantees.deadlines import Deadline
from tests.world import START

DAY = timedelta(days=1)


class TestCalendar:
    def test_is_well_formed(self) -> None:
        code = "claim_latest"
        row = Deadline(START.date(), code, Window(None, START.date(), "art. 11(3); Ж" * 20), carnet="AX1")

        lines = calendar([row], host="tir.example", at=START).decode().split("\r\n")

        assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
        assert all(len(line.encode()) <= 75 for line in lines)
        unfolded = "\n".join(lines).replace("\n ", "")
        assert "art. 11(3)\\; Ж" in unfolded
        assert "\n".join(unfolded.split("\n")).count("DTEND;VALUE=DATE:20260303") == 1

    def test_names_an_event_the_same_every_time(self) -> None:
        row = Deadline(START.date(), "payment", Window(None, START.date(), "art. 11(4)"), carnet="AX1")
        later = Deadline(START.date() + DAY, "payment", Window(None, None, "art. 11(4)"), carnet="AX1")

        names = {
            line
            for deadline in (row, later)
            for line in calendar([deadline], host="h", at=START).decode().split("\r\n")
            if line.startswith("UID")
        }

        assert len(names) == 1
