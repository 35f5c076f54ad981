"""Lists are read in pages by cursor: nothing is counted, and rows added meanwhile shift nothing."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
    ordering = "-id"


class ByKey(NewestFirst):
    """For registers: in the order of their own key."""

    ordering = "id"


class LatestRecorded(NewestFirst):
    """For the ledger, whose keys are made by devices and say nothing about time."""

    ordering = ("-recorded_at", "-sequence")
