-- The SQL twin of `money.converted`: a sum in another currency at the rate in force on a day, to the cent; NULL without one.
CREATE OR REPLACE FUNCTION guarantees_converted(amount numeric, from_currency text, to_currency text, on_day date)
RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN from_currency = to_currency THEN amount ELSE coalesce(
        (SELECT round(amount * r.rate, 2) FROM guarantees_exchangerate r
          WHERE r.base = from_currency AND r.quote = to_currency AND daterange(r.valid_from, r.valid_to) @> on_day),
        (SELECT round(amount / r.rate, 2) FROM guarantees_exchangerate r
          WHERE r.base = to_currency AND r.quote = from_currency AND daterange(r.valid_from, r.valid_to) @> on_day)) END
$$;
