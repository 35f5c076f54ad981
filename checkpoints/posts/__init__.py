"""Customs offices, and who serves at which."""
