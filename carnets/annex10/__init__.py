"""Carnets returned to the association, and what it asks customs about their counterfoils (Annex 10 par. 2)."""
