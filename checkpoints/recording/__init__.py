"""The ways into the ledgers: stamps, scans, certified reports, refusals, controls, proofs.

Each locks the carnet, judges, appends and has the projection written, in one transaction. The rules are not here.
"""
