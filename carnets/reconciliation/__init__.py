"""Comparing what two offices recorded about each operation: discharge where they agree, irregularities where not.

What is compared stands in columns that the projection filled; nothing of a carnet's history is worked out here. A
discharge is never taken back here: only a cancelled record does, when it is recorded.
"""
