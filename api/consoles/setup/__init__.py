"""Setting a country up on pages: what is missing, a form for each register, and what waits for a second person."""
