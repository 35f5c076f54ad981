"""Comparing what two offices recorded about each operation: discharge where they agree, irregularities where not."""
