"""Points and lanes."""
