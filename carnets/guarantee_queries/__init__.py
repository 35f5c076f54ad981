"""Confirming a guarantee to customs that ask (Annex 11 art. 10's fallback): the rules, the question and its answers."""
