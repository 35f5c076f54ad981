-- What goes before the COMMIT of `floor.sql`, so that a stamp comes with its origin and a row of another ledger: three
-- entries, as the log meets one at most.
INSERT INTO checkpoints_stamporigin (stamp_id, clock_offset)
SELECT id, 0 FROM checkpoints_stamp WHERE carnet_id = :carnet ORDER BY sequence DESC LIMIT 1;
INSERT INTO carnets_carnetevent (carnet_id, verb, at, reason) VALUES (:carnet, 'stamped', now(), '');
