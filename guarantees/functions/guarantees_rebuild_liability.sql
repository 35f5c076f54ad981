-- Makes periods and queue anew from the ledger alone. The next entry about the same carnet and page ends what one begins:
-- the ledger never has two that begin in a row. It runs with the rights of its owner: who may call it (`tir.kernel.privileges`)
-- may neither lock the ledger nor empty what is kept beside it in any other way.
CREATE OR REPLACE FUNCTION guarantees_rebuild_liability() RETURNS void LANGUAGE plpgsql
   SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE guarantees_liabilityentry IN SHARE ROW EXCLUSIVE MODE;
    ANALYZE guarantees_liabilityentry, guarantees_guaranteedcarnet;
    DELETE FROM guarantees_liabilitymonth;
    DELETE FROM guarantees_liabilitytotal;
    DELETE FROM guarantees_unfoldedentry;
    DELETE FROM guarantees_liabilityperiod;
    WITH entries AS (
        SELECT e.*, lead(e.id) OVER w AS end_id, lead(e.at) OVER w AS end_at,
               max(e.at) FILTER (WHERE e.amount > 0 AND e.cause NOT IN ('reopened', 'moved', 'revived')) OVER w AS since
          FROM guarantees_liabilityentry e WHERE e.amount <> 0
        WINDOW w AS (PARTITION BY e.carnet_number, coalesce(e.page, 0) ORDER BY e.id)),
    begun AS (
        INSERT INTO guarantees_liabilityperiod
               (entry_id, association_id, issuer_id, guarantee_id, holder_id, carnet_number, page, country, corridor,
                amount, currency, since, begins_at, ends_at)
        SELECT e.id, e.association_id, g.association_id, e.guarantee_id, coalesce(c.holder_id, g.holder_id),
               e.carnet_number, coalesce(e.page, 0), s.country, coalesce(c.corridor, ''), e.amount, e.currency,
               CASE WHEN e.cause IN ('reopened', 'moved', 'revived') THEN coalesce(e.since, e.at) ELSE e.at END,
               e.at, CASE WHEN e.end_at IS NOT NULL THEN greatest(e.end_at, e.at) END
          FROM entries e
          JOIN guarantees_guarantee g ON g.id = e.guarantee_id
          JOIN guarantees_association s ON s.id = e.association_id
          LEFT JOIN guarantees_guaranteedcarnet c ON c.carnet_number = e.carnet_number
         WHERE e.amount > 0
         ORDER BY e.id
        RETURNING entry_id, id)
    INSERT INTO guarantees_unfoldedentry (entry_id, period_id)
    SELECT x.id, b.id FROM begun b JOIN entries e ON e.id = b.entry_id
     CROSS JOIN LATERAL (VALUES (e.id), (e.end_id)) AS x (id) WHERE x.id IS NOT NULL;
    ANALYZE guarantees_liabilityperiod, guarantees_unfoldedentry;
END
$$;
