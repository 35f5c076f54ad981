-- What a law that refuses a change does; the trigger says which change that is. Nothing a session may set switches it off:
-- only a superuser can, by session_replication_role.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Cannot % rows from % table', TG_ARGV[0], TG_TABLE_NAME;
END
$$;
