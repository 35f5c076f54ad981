-- The SQL twin of `exposure.cover_in`: who bears an operation accepted in a country on a day, and how much (art. 8(3)): the
-- carnet's amount, in the maximum's currency at the rate of the day, at most the maximum; without a rate the maximum. No row
-- where nobody guarantees.
CREATE OR REPLACE FUNCTION guarantees_cover_in(in_country text, of_amount numeric, of_currency text, on_day date)
RETURNS TABLE (association_id bigint, amount numeric, currency text)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT m.association_id,
           least(m.amount, guarantees_converted(of_amount, of_currency, m.currency, on_day)),
           m.currency
      FROM guarantees_association a
      JOIN guarantees_liabilitymaximum m ON m.association_id = a.id
     WHERE a.country = in_country AND daterange(m.valid_from, m.valid_to) @> on_day
$$;
