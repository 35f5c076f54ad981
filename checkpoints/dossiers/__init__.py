"""Dossiers of claims and defences against them: facts under one hash, as JSON and as paper."""
