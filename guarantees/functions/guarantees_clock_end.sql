-- The SQL twin of `clocks.Period.after`, so that set-based statements and Python answer alike (a test compares them day by
-- day). make_interval adds calendar months in the session's time zone, which Django sets to UTC.
CREATE OR REPLACE FUNCTION guarantees_clock_end(clock_name text, territory bigint, start timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT start + make_interval(years => r.years, months => r.months, days => r.days)
      FROM guarantees_clockrule r
     WHERE r.clock = clock_name AND (r.territory_id = territory OR r.territory_id IS NULL)
       AND daterange(r.valid_from, r.valid_to) @> start::date
     ORDER BY r.territory_id NULLS LAST, r.valid_from DESC
     LIMIT 1
$$;
