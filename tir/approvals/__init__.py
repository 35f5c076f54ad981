"""Four eyes: what one person proposes counts once others have approved it."""
