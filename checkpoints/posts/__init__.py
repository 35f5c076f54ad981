"""Customs offices, who serves at which, and what a territory does by practice: registers, not what happens there."""
