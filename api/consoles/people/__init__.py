"""Pages about people: who is there, what each may do, invitations, postings, and who has access to what."""
