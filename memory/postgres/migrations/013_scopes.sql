-- Row-level security, behind the condition of each query: whoever does not own the tables sees only the rows of conversations within the setting
-- `scrubjay.scope`, and without that setting none. It is JSON: {"conversations": [ids], "owners": [ids of people],
-- "audiences": [[platform, external id], …]}. Counts over all and writes are the owner's, whom no policy holds.

CREATE FUNCTION scrubjay.visible_conversations() RETURNS SETOF bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
BEGIN ATOMIC
    WITH told AS MATERIALIZED (SELECT nullif(current_setting('scrubjay.scope', true), '')::jsonb AS scope)
    SELECT each::bigint FROM told, jsonb_array_elements_text(scope -> 'conversations') AS each
    UNION ALL
    SELECT c.id FROM told, jsonb_array_elements_text(scope -> 'owners') AS each
    JOIN scrubjay.conversations AS c ON c.owner_id = each::bigint
    UNION ALL
    SELECT c.id FROM told, jsonb_array_elements(scope -> 'audiences') AS each
    JOIN scrubjay.conversations AS c ON c.platform = each ->> 0 AND c.audience = each ->> 1;
END;

ALTER TABLE scrubjay.conversations ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_scope ON scrubjay.conversations FOR SELECT
    USING (id IN (SELECT scrubjay.visible_conversations()));

DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT tablename FROM pg_tables WHERE schemaname = 'scrubjay'
            AND (tablename IN ('passages', 'documents', 'facts', 'postings') OR tablename ~ '^(vectors|signs)_[0-9]+$')
    LOOP
        EXECUTE format('ALTER TABLE scrubjay.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY within_scope ON scrubjay.%I FOR SELECT '
                       'USING (conversation_id IN (SELECT scrubjay.visible_conversations()))', name);
    END LOOP;
END $$;

ALTER TABLE scrubjay.judgements ENABLE ROW LEVEL SECURITY;
CREATE POLICY within_scope ON scrubjay.judgements FOR SELECT
    USING (EXISTS (SELECT 1 FROM scrubjay.passages AS a WHERE a.id = answer_id));
