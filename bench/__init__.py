"""Measured ratios: what the system does, beside what PostgreSQL alone can do for the same rows, in one run."""
