"""Pages about service accounts: the programs that act for an association or an administration."""
