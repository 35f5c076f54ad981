"""Devices, what they hold without a network, and what is handed in for a broken one."""
