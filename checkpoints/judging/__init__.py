"""What the rules say of a carnet before an office: pure, the same for a scan, a stamp, and a phone without network.

Nothing is read or written here: a docket comes in, findings go out.
"""
