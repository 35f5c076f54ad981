"""A world to try the system in: sample accounts and guarantees, and lorries that cross Central Asia, some with faults.

    calls, freight    the words of it: a lorry at an office, and what it carries
    region            the map and the fleet, from the reference tables
    journeys          one planned transport, relative to its issue: which office certifies what, and when
    travelling        a journey made clean: its stops, its road, its times, what officials say at each office
    faults            one way to spoil a journey each, and what reconciliation must say about it
    planning          how many of which, and when they leave
    driving           the plan through the public service functions, in the order things reached the server
    truth             what was planted, as a file
    recorded          what the system says about those carnets
    comparing, table  whether reconciliation found what was planted and nothing else

All but `driving` (with its `cast`) and `recorded` are pure: no database, no clock, and the same seed gives the same
plan.
`accounts`, `card` and `seeding` make what a fresh installation needs to be tried.
"""
