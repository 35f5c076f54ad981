"""The people of an administration or association: invited, posted, deactivated; and who has access to what."""
