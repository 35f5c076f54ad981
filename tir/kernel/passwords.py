"""What a password costs: enough for who steals the table, not so much that who guesses at the door stops the queue."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OneLane(Argon2PasswordHasher):
    """Argon2id with what OWASP's cheat sheet asks for at least (19 MiB, two passes, one lane): Django's own takes eight
    lanes and 100 MB, on every core that serves stamps. One kept by other figures is kept anew when it is used."""

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
