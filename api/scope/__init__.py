"""What each caller may see: one table a noun, from role to rows. What is outside looks absent.

A new role is a line in the tables of the nouns it may see; no function here asks a caller who they are.
"""
