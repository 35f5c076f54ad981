-- Writes down a change of what the others work by, as an administrative act: after insert, update or delete of a row.
-- Who acted is what the transaction was told (`tir.audit.acting`); a command or the clock tells nothing, and null stands
-- there. It is a name for readers, not a proof: whoever may write to the database may say another.
-- Arguments: what the row is, its key's column, and the columns that are nobody's business.
CREATE OR REPLACE FUNCTION log_act() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex'
    SET extra_float_digits = 1 SET intervalstyle = 'postgres' AS $$
DECLARE
    content jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END) - TG_ARGV[2:];
    actor jsonb := nullif(current_setting('tir.actor', true), '');
BEGIN
    IF TG_OP = 'UPDATE' AND content = to_jsonb(OLD) - TG_ARGV[2:] THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.log_administrativeact (noun, ref, verb, content, at, actor_id, actor, request_id)
    VALUES (
        TG_ARGV[0], content ->> TG_ARGV[1], lower(TG_OP), content, clock_timestamp(),
        (actor ->> 'id')::bigint, actor ->> 'name', actor ->> 'request'
    );
    RETURN NULL;
END
$$;
