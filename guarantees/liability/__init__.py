"""What an association owes, as issuer and as guarantor, now and at any past instant, with the rows behind each figure.

Everything here is read from the liability ledger and what PostgreSQL itself keeps beside it: see `models.py`.
"""
