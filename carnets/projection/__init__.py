"""What the evidence of a carnet adds up to (`facts`), and how that is written (`writing`)."""
