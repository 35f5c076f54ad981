"""Devices, what they hold without a network, what is handed in for a broken one. The phone's own code: `scanner/`."""
