"""What the rules say of a carnet before an office: pure, the same for a scan, a stamp, and a phone without network."""
