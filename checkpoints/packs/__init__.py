"""Country packs: the registers of an installation as a folder of files that a person can read, check, apply and export.

No people, no secrets, no history; natural keys, never ids.
"""

from pathlib import Path

SHIPPED = Path(__file__).parent / "shipped"  # a fictional country, the CAREC reference, an empty one
