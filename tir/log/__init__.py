"""The log: a tree of everything on record, in the formats of C2SP, that others can hold against us."""
