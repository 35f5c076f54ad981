-- Keeps assignments and `accounts_user.roles` one truth, whoever writes the column: a role that comes without an assignment
-- gets one from today on, and an assignment whose role is taken out of the column ends today.
-- The verbs of tir.accounts.assigning write the assignments first, so that nothing is left to do here.
CREATE OR REPLACE FUNCTION accounts_roles_on_record() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.roles = OLD.roles THEN
            RETURN NULL;
        END IF;
        UPDATE public.accounts_assignment SET valid_to = today, end_reason = 'taken out of the account'
         WHERE person_id = NEW.id AND role <> ALL (NEW.roles) AND role = ANY (OLD.roles)
           AND valid_from <= today AND (valid_to IS NULL OR valid_to > today);
    END IF;
    INSERT INTO public.accounts_assignment (person_id, role, reach, gives, valid_from, given_at, reason, end_reason)
    SELECT NEW.id, said.role,
           CASE said.role WHEN 'officer' THEN 'office' WHEN 'manager' THEN 'office' WHEN 'association' THEN 'association'
                WHEN 'secretariat' THEN 'all'
                ELSE CASE NEW.country WHEN '' THEN 'all' ELSE 'territory' END END,
           '{}', today, now(), 'written with the account', ''
      FROM (SELECT DISTINCT unnest(NEW.roles) AS role) AS said
     WHERE NOT EXISTS (SELECT FROM public.accounts_assignment AS known
                        WHERE known.person_id = NEW.id AND known.role = said.role
                          AND (known.valid_to IS NULL OR known.valid_to > today))
     ORDER BY said.role;
    RETURN NULL;
END
$$;
