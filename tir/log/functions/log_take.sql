-- Takes a row that a ledger just got into the log: after insert, for each row, in the transaction of the act itself.
-- Arguments: what the row is, its key's column, and the columns whose content another column is the hash of.
-- The owner's rights, so that nobody else need write to what is pending. What is not stated adds nothing, so a column
-- that comes later changes no old hash. The settings make one text of one content, whoever is connected.
CREATE OR REPLACE FUNCTION log_take() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET bytea_output = 'hex'
    SET extra_float_digits = 1 SET intervalstyle = 'postgres' AS $$
DECLARE
    content jsonb := jsonb_strip_nulls(to_jsonb(NEW) - TG_ARGV[2:]);
BEGIN
    INSERT INTO public.log_pending (kind, ref, hash, since)
    VALUES (
        TG_ARGV[0], content ->> TG_ARGV[1],
        sha256(convert_to(TG_ARGV[0] || E'\n' || content::text, 'UTF8')), clock_timestamp()
    );
    RETURN NULL;
END
$$;
