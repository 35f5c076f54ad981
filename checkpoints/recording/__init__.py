"""The ways into the ledgers: stamps, scans, certified reports, refusals."""
