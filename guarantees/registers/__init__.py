"""The registers of this room: territories and their members, associations and their maxima, guarantees and their
ceilings, clocks. Each is a table of plain functions for the one verb in `tir.registers.entering`."""
