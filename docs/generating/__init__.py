"""Writes the pages of this documentation that follow from the code. `script/docs` runs it."""
