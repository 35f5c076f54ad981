-- The SQL twin of `liability.ending.ended_by`: what has ended an association's liability for one operation by a day, as the
-- claims about it and the clocks of art. 11 stand; NULL while it lasts. `accepted_on` is the day at the office that
-- accepted, `on_day` the day at the association that is liable.
CREATE OR REPLACE FUNCTION guarantees_liability_ends(
    of_carnet text, of_page integer, accepted_on date, territory bigint, on_day date, is_discharged boolean DEFAULT false
) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH claim AS (
        SELECT c.id, c.status, c.is_fraud, c.status <> 'withdrawn' AS stands, c.paid_on IS NOT NULL AS is_paid,
               coalesce(c.notified_on <= guarantees_clock_end(
                   CASE WHEN c.is_fraud THEN 'notification_fraud' ELSE 'notification' END,
                   territory, accepted_on::timestamptz)::date, false) AS is_notified,
               c.notified_on, c.claimed_on, c.decision_enforceable_on AS decided_on,
               coalesce(c.proceedings_began_on, c.decision_enforceable_on) AS began_on
          FROM guarantees_claim c
         WHERE c.carnet_number = of_carnet AND c.page = of_page),
    clocked AS (
        SELECT claim.*, guarantees_clock_end('claim_latest', territory, notified_on::timestamptz)::date AS two_years
          FROM claim),
    limited AS (
        SELECT *, CASE WHEN began_on IS NULL OR began_on > two_years OR decided_on < notified_on THEN two_years
                       WHEN decided_on IS NULL THEN NULL
                       ELSE guarantees_clock_end('claim_after_decision', territory, decided_on::timestamptz)::date
                   END AS latest
          FROM clocked),
    judged AS (
        SELECT id, is_fraud, stands,
               CASE WHEN NOT is_notified THEN NULL
                    WHEN NOT stands THEN 'withdrawn'
                    WHEN is_paid THEN 'paid'
                    WHEN latest IS NOT NULL AND coalesce(claimed_on, on_day) > latest THEN 'lapse_claim'
                    ELSE 'alive' END AS found
          FROM limited)
    SELECT CASE
        WHEN EXISTS (SELECT FROM judged WHERE found = 'alive' AND (is_fraud OR NOT is_discharged)) THEN NULL
        WHEN is_discharged THEN 'discharge'
        ELSE coalesce(
            (SELECT found FROM judged WHERE found IS NOT NULL ORDER BY id DESC LIMIT 1),
            CASE WHEN on_day > guarantees_clock_end(
                     CASE WHEN EXISTS (SELECT FROM judged WHERE stands AND is_fraud)
                          THEN 'notification_fraud' ELSE 'notification' END,
                     territory, accepted_on::timestamptz)::date THEN 'lapse_notice' END)
        END
$$;
