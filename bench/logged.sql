-- One stamp as the log meets it at most: with its origin and a row of another ledger, so that it is three entries.
\set carnet random(:first, :last)
\set page random(1, 8)
BEGIN;
SELECT id, latest_sequence, latest_hash, status FROM carnets_carnet WHERE id = :carnet FOR NO KEY UPDATE;
INSERT INTO checkpoints_stamp (id, carnet_id, sequence, page, role, office_id, officer_id, occurred_at, recorded_at,
       made, is_vouched, seals_intact, seals_found, packages, packages_basis, reservation, registration_no,
       prescribed_route, goes_on, ends_here, is_suspension, is_unplanned, cancel_reason, hash_version, previous_hash,
       hash, receipt)
SELECT gen_random_uuid(), c.id, c.latest_sequence + 1, :page, 'entry', :office, :officer, now(), now(), 'online', true,
       true, ARRAY['A-10023', 'A-10024'], 420, 'counted', '', '', '', false, false, false, false, '', 1, c.latest_hash,
       sha256(c.latest_hash),
       '{"warnings": [], "carnet_status": "in_transit", "operation_status": "terminated"}'
  FROM carnets_carnet c WHERE c.id = :carnet;
UPDATE carnets_tiroperation SET status = 'started', start_stamp = gen_random_uuid(), started_at = now(),
       start_seals_found = ARRAY['A-10023', 'A-10024'] WHERE carnet_id = :carnet AND sequence = (:page + 1) / 2;
UPDATE carnets_carnet SET status = 'in_transit', latest_sequence = latest_sequence + 1,
       latest_hash = sha256(latest_hash), reconcile_at = now() WHERE id = :carnet;
INSERT INTO checkpoints_stamporigin (stamp_id, clock_offset)
SELECT id, 0 FROM checkpoints_stamp WHERE carnet_id = :carnet ORDER BY sequence DESC LIMIT 1;
INSERT INTO carnets_carnetevent (carnet_id, verb, at, reason) VALUES (:carnet, 'stamped', now(), '');
COMMIT;
