"""Periods and queue follow the ledger by its own trigger, so that whoever writes an entry, by Python or by SQL, is
followed in the same transaction; and a function that makes them anew from the ledger alone."""

from django.db import migrations

# The transition table is small or large from one call to the next while the plan is kept: only look-ups by index are
# right for both. Ends come first: a start that is corrected ends one period and begins the next in one statement.
FOLLOW = """
CREATE FUNCTION guarantees_follow_ledger() RETURNS trigger LANGUAGE plpgsql
   SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    ended bigint;
    expected bigint;
BEGIN
    SELECT count(*) INTO expected FROM added WHERE amount < 0;
    IF expected > 0 THEN
        WITH closed AS (
            UPDATE guarantees_liabilityperiod p SET ends_at = greatest(a.at, p.begins_at)
              FROM added a
             WHERE a.amount < 0 AND p.carnet_number = a.carnet_number AND p.page = coalesce(a.page, 0)
               AND p.ends_at IS NULL AND p.association_id = a.association_id
               AND p.amount = -a.amount AND p.currency = a.currency
            RETURNING a.id, p.id AS period_id)
        INSERT INTO guarantees_unfoldedentry (entry_id, period_id) SELECT id, period_id FROM closed;
        GET DIAGNOSTICS ended = ROW_COUNT;
        IF ended <> expected THEN
            RAISE EXCEPTION 'The ledger ends % liabilities, of which % had begun.', expected, ended
                  USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;

    WITH begun AS (
        INSERT INTO guarantees_liabilityperiod
               (entry_id, association_id, issuer_id, guarantee_id, holder_id, carnet_number, page, country, corridor,
                amount, currency, since, begins_at)
        SELECT a.id, a.association_id, g.association_id, a.guarantee_id, coalesce(c.holder_id, g.holder_id),
               a.carnet_number, coalesce(a.page, 0), s.country, coalesce(c.corridor, ''), a.amount, a.currency,
               CASE WHEN a.cause = 'reopened' THEN coalesce((
                        SELECT max(e.at) FROM guarantees_liabilityentry e
                         WHERE e.carnet_number = a.carnet_number AND e.page IS NOT DISTINCT FROM a.page
                           AND e.amount > 0 AND e.cause <> 'reopened'), a.at)
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
    RETURN NULL;
END
$$;
CREATE TRIGGER followed AFTER INSERT ON guarantees_liabilityentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION guarantees_follow_ledger();
"""

# The next entry about the same carnet and page ends what one begins: the ledger never has two that begin in a row.
REBUILD = """
CREATE FUNCTION guarantees_rebuild_liability() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE guarantees_liabilityentry IN SHARE ROW EXCLUSIVE MODE;
    ANALYZE guarantees_liabilityentry, guarantees_guaranteedcarnet;
    DELETE FROM guarantees_liabilitymonth;
    DELETE FROM guarantees_liabilitytotal;
    DELETE FROM guarantees_unfoldedentry;
    DELETE FROM guarantees_liabilityperiod;
    WITH entries AS (
        SELECT e.*, lead(e.id) OVER w AS end_id, lead(e.at) OVER w AS end_at,
               max(e.at) FILTER (WHERE e.amount > 0 AND e.cause <> 'reopened') OVER w AS since
          FROM guarantees_liabilityentry e
        WINDOW w AS (PARTITION BY e.carnet_number, coalesce(e.page, 0) ORDER BY e.id)),
    begun AS (
        INSERT INTO guarantees_liabilityperiod
               (entry_id, association_id, issuer_id, guarantee_id, holder_id, carnet_number, page, country, corridor,
                amount, currency, since, begins_at, ends_at)
        SELECT e.id, e.association_id, g.association_id, e.guarantee_id, coalesce(c.holder_id, g.holder_id),
               e.carnet_number, coalesce(e.page, 0), s.country, coalesce(c.corridor, ''), e.amount, e.currency,
               CASE WHEN e.cause = 'reopened' THEN coalesce(e.since, e.at) ELSE e.at END,
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
$$
"""


class Migration(migrations.Migration):
    dependencies = [("guarantees", "0004_liability_periods_and_totals")]
    operations = [
        migrations.RunSQL(
            FOLLOW,
            "DROP TRIGGER followed ON guarantees_liabilityentry; DROP FUNCTION guarantees_follow_ledger()",
        ),
        migrations.RunSQL(REBUILD, "DROP FUNCTION guarantees_rebuild_liability()"),
    ]
