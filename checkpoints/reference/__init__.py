"""The reference data a fresh installation starts with; README.md says what is sourced and what is invented."""
