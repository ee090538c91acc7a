-- Spreads the large tables of Usher over the workers of a Citus cluster, by tenant. Read README.md beside this file first.
--
--   usher migrate up                                   -- against the coordinator
--   psql -v ON_ERROR_STOP=1 -d … -f citus.sql          -- as the owner of the tables; again after every later `usher migrate up`
--
-- Everything of one tenant lies on one worker. What orders the whole (the log of changes, tenants, short-lived records) stays on the coordinator,
-- and every server connects to that: it holds the sequences, the advisory locks and LISTEN.

-- The `schema` of the database's URL.
SET usher.schema = 'usher';

DO $$
DECLARE
  own CONSTANT regnamespace := current_setting('usher.schema')::regnamespace;
  -- The first one makes the group of shards, the others join it.
  first CONSTANT regclass := format('%I.link', current_setting('usher.schema'))::regclass;
  one regclass;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = first) THEN
    PERFORM create_distributed_table(first, 'tenant');
  END IF;
  FOR one IN
    SELECT c.oid FROM pg_class AS c
    WHERE c.relnamespace = own AND c.relkind = 'r'
      -- Entities, their index of single values, and what must be unique among them.
      AND c.relname ~ '^[ept]_'
      AND NOT EXISTS (SELECT 1 FROM pg_dist_partition AS d WHERE d.logicalrelid = c.oid)
    ORDER BY c.relname
  LOOP
    PERFORM create_distributed_table(one, 'tenant', colocate_with => first::text);
  END LOOP;
END
$$;
