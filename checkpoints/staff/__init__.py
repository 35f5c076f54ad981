"""The people of an administration or association: invited, given roles, posted, deactivated, relieved by a colleague.

Every verb asks first whether its administrator may (`tir.accounts.scopes`), with the places that stand here.
"""
