"""How a device's token is known."""

DEVICE_PREFIX = "tirdev"  # of its text: tells it from a person's without a look-up
