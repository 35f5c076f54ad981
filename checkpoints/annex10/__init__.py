"""What customs tell the guarantee chain about terminations (Annex 10): the list, the daily files, and corrections."""
