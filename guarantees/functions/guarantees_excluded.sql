-- The SQL twin of `exclusions.excluded_in` for one country: whether a holder is excluded there on a day (art. 38), by the
-- country itself or by a member of its union whose decisions bind the whole of it.
CREATE OR REPLACE FUNCTION guarantees_excluded(holder bigint, in_country text, on_day date) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT FROM guarantees_holderexclusion x
         WHERE x.holder_id = holder AND daterange(x.valid_from, x.valid_to) @> on_day
           AND (x.country = in_country OR EXISTS (
                SELECT FROM guarantees_territorymember here
                  JOIN guarantees_territorymember other ON other.territory_id = here.territory_id
                 WHERE here.country = in_country AND daterange(here.valid_from, here.valid_to) @> on_day
                   AND other.country = x.country AND daterange(other.valid_from, other.valid_to) @> on_day
                   AND other.exclusions_bind_union)))
$$;
