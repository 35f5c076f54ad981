-- An entry of nothing (a reimbursement) neither begins nor ends anything.
-- Periods and queue follow the ledger by its own trigger, so that whoever writes an entry, by Python or by SQL, is followed
-- in the same transaction. The transition table is small or large from one call to the next while the plan is kept: only
-- look-ups by index are right for both. Ends come first: a start that is corrected ends one period and begins the next
-- in one statement. The ledger's keys are checked here, a statement at a time, instead of a row at a time at commit.
CREATE OR REPLACE FUNCTION guarantees_follow_ledger() RETURNS trigger LANGUAGE plpgsql
   SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    ends bigint;
    begins bigint;
    followed bigint;
BEGIN
    SELECT count(*) FILTER (WHERE amount < 0), count(*) FILTER (WHERE amount > 0) INTO ends, begins FROM added;

    IF ends > 0 THEN
        WITH closed AS (
            UPDATE guarantees_liabilityperiod p SET ends_at = greatest(a.at, p.begins_at)
              FROM added a
             WHERE a.amount < 0 AND p.carnet_number = a.carnet_number AND p.page = coalesce(a.page, 0)
               AND p.ends_at IS NULL AND p.association_id = a.association_id AND p.guarantee_id = a.guarantee_id
               AND p.amount = -a.amount AND p.currency = a.currency
            RETURNING a.id, p.id AS period_id)
        INSERT INTO guarantees_unfoldedentry (entry_id, period_id) SELECT id, period_id FROM closed;
        GET DIAGNOSTICS followed = ROW_COUNT;
        IF followed <> ends THEN
            RAISE EXCEPTION 'The ledger ends % liabilities, of which % had begun.', ends, followed
                  USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;

    IF begins > 0 THEN
        WITH begun AS (
            INSERT INTO guarantees_liabilityperiod
                   (entry_id, association_id, issuer_id, guarantee_id, holder_id, carnet_number, page, country, corridor,
                    amount, currency, since, begins_at)
            SELECT a.id, a.association_id, g.association_id, a.guarantee_id, coalesce(c.holder_id, g.holder_id),
                   a.carnet_number, coalesce(a.page, 0), s.country, coalesce(c.corridor, ''), a.amount, a.currency,
                   CASE WHEN a.cause IN ('reopened', 'moved', 'revived') THEN coalesce((
                            SELECT max(e.at) FROM guarantees_liabilityentry e
                             WHERE e.carnet_number = a.carnet_number AND e.page IS NOT DISTINCT FROM a.page
                               AND e.amount > 0 AND e.cause NOT IN ('reopened', 'moved', 'revived')), a.at)
                        ELSE a.at END,
                   a.at
              FROM added a
              JOIN guarantees_guarantee g ON g.id = a.guarantee_id
              JOIN guarantees_association s ON s.id = a.association_id
              LEFT JOIN guarantees_guaranteedcarnet c ON c.carnet_number = a.carnet_number
             WHERE a.amount > 0
             ORDER BY a.id
            RETURNING entry_id, id)
        INSERT INTO guarantees_unfoldedentry (entry_id, period_id) SELECT entry_id, id FROM begun;
        GET DIAGNOSTICS followed = ROW_COUNT;
        IF followed <> begins THEN
            RAISE EXCEPTION 'The ledger names an association or a guarantee that does not exist.'
                  USING ERRCODE = 'foreign_key_violation';
        END IF;
    END IF;
    RETURN NULL;
END
$$;
