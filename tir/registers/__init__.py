"""What every register shares: entries as texts, one way to enter and end them, and who changed what, when and why."""
