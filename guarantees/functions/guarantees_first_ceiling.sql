-- Whoever makes a guarantee, by Python or by SQL: from its first day it has the terms it was made with.
CREATE OR REPLACE FUNCTION guarantees_first_ceiling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO guarantees_guaranteeceiling (guarantee_id, ceiling, max_open_carnets, valid_from)
    VALUES (NEW.id, NEW.ceiling, NEW.max_open_carnets, NEW.valid_from);
    RETURN NULL;
END
$$;
