-- The conversation is a part of every key of passages, vectors and signs, so that a database can keep these by conversation,
-- as it does `postings`. Where the setting `scrubjay.partitions` of the database says so (docs/scale.md), they are
-- partitioned by its hash; otherwise they are plain tables, which a distributed database can spread by conversation. No
-- foreign key leads to passages any more, since what refers to one may lie in another conversation: forgetting deletes
-- that itself, and `scrubjay doctor` counts what refers to nothing.

SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = 0;

ALTER TABLE scrubjay.facts DROP CONSTRAINT facts_passage_id_fkey;
ALTER TABLE scrubjay.evidence DROP CONSTRAINT evidence_passage_id_fkey, DROP CONSTRAINT evidence_source_id_fkey;
ALTER TABLE scrubjay.sent_parts DROP CONSTRAINT sent_parts_passage_id_fkey;
ALTER TABLE scrubjay.embedding_queue DROP CONSTRAINT embedding_queue_passage_id_fkey;
ALTER TABLE scrubjay.inbox DROP CONSTRAINT inbox_passage_id_fkey;
ALTER TABLE scrubjay.provenance DROP CONSTRAINT provenance_source_id_fkey;
ALTER TABLE scrubjay.judgements DROP CONSTRAINT judgements_answer_id_fkey, DROP CONSTRAINT judgements_question_id_fkey;
-- The id comes first: it is also asked for alone.
ALTER TABLE scrubjay.passages DROP CONSTRAINT passages_pkey, ADD PRIMARY KEY (id, conversation_id);

CREATE FUNCTION scrubjay.count_partitions(parent regclass) RETURNS integer LANGUAGE sql STABLE
    RETURN (SELECT count(*)::integer FROM pg_inherits WHERE inhparent = parent);

-- Makes the tables of a model's vectors, partitioned as passages are.
CREATE FUNCTION scrubjay.make_vector_tables(model bigint, dimensions integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parts integer := scrubjay.count_partitions('scrubjay.passages');
    parted text := CASE WHEN parts > 0 THEN 'PARTITION BY HASH (conversation_id)' ELSE '' END;
    name text;
BEGIN
    EXECUTE format('CREATE TABLE scrubjay.vectors_%s (passage_id bigint, conversation_id bigint, vector bytea NOT NULL, '
                   'PRIMARY KEY (passage_id, conversation_id)) %s', model, parted);
    EXECUTE format('CREATE TABLE scrubjay.signs_%s (conversation_id bigint, passage_id bigint, signs bit(%s) NOT NULL, '
                   'PRIMARY KEY (conversation_id, passage_id)) %s', model, dimensions, parted);
    FOREACH name IN ARRAY ARRAY['vectors_' || model, 'signs_' || model] LOOP
        FOR part IN 0..parts - 1 LOOP
            EXECUTE format('CREATE TABLE scrubjay.%I PARTITION OF scrubjay.%I '
                           'FOR VALUES WITH (MODULUS %s, REMAINDER %s)', name || '_' || part, name, parts, part);
        END LOOP;
        EXECUTE format('ALTER TABLE scrubjay.%I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY within_scope ON scrubjay.%I FOR SELECT '
                       'USING (conversation_id IN (SELECT scrubjay.visible_conversations()))', name);
    END LOOP;
END $$;

CREATE FUNCTION scrubjay.partition_passages(parts integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made record;
BEGIN
    DROP POLICY within_scope ON scrubjay.judgements;
    CREATE TEMPORARY TABLE made_again ON COMMIT DROP AS
        SELECT pg_get_indexdef(indexrelid) AS definition FROM pg_index
        WHERE indrelid = 'scrubjay.passages'::regclass AND NOT indisprimary;
    ALTER TABLE scrubjay.passages RENAME TO passages_whole;
    ALTER SEQUENCE scrubjay.passages_id_seq RENAME TO passages_whole_id_seq;
    CREATE TABLE scrubjay.passages (LIKE scrubjay.passages_whole INCLUDING IDENTITY) PARTITION BY HASH (conversation_id);
    FOR part IN 0..parts - 1 LOOP
        EXECUTE format('CREATE TABLE scrubjay.passages_%s PARTITION OF scrubjay.passages '
                       'FOR VALUES WITH (MODULUS %s, REMAINDER %s)', part, parts, part);
    END LOOP;
    INSERT INTO scrubjay.passages SELECT * FROM scrubjay.passages_whole;
    PERFORM setval('scrubjay.passages_id_seq', last_value, is_called) FROM scrubjay.passages_whole_id_seq;
    DROP TABLE scrubjay.passages_whole;
    ALTER TABLE scrubjay.passages ADD PRIMARY KEY (id, conversation_id),
        ADD FOREIGN KEY (conversation_id) REFERENCES scrubjay.conversations (id),
        ADD FOREIGN KEY (author_id) REFERENCES scrubjay.people (id),
        ADD FOREIGN KEY (document_id) REFERENCES scrubjay.documents (id);
    FOR made IN SELECT * FROM made_again LOOP
        EXECUTE made.definition;
    END LOOP;
    ALTER TABLE scrubjay.passages ENABLE ROW LEVEL SECURITY;
    CREATE POLICY within_scope ON scrubjay.passages FOR SELECT
        USING (conversation_id IN (SELECT scrubjay.visible_conversations()));
    CREATE POLICY within_scope ON scrubjay.judgements FOR SELECT
        USING (EXISTS (SELECT 1 FROM scrubjay.passages AS a WHERE a.id = answer_id));
END $$;

DO $$
DECLARE
    chosen text := coalesce(nullif(current_setting('scrubjay.partitions', true), ''), '1');
    parts integer;
    model bigint;
    size integer;
BEGIN
    IF chosen !~ '^[0-9]{1,3}$' OR chosen::integer NOT BETWEEN 1 AND 256 THEN
        RAISE invalid_parameter_value USING MESSAGE =
            format('the setting scrubjay.partitions of this database is "%s"; it takes a number from 1 to 256', chosen);
    END IF;
    parts := chosen::integer;
    IF parts > 1 THEN
        PERFORM scrubjay.partition_passages(parts);
    END IF;
    FOR model, size IN SELECT id, dimensions FROM scrubjay.embedding_models LOOP
        IF parts = 1 THEN
            EXECUTE format('ALTER TABLE scrubjay.vectors_%s DROP CONSTRAINT vectors_%1$s_pkey, '
                           'ADD PRIMARY KEY (passage_id, conversation_id)', model);
            CONTINUE;
        END IF;
        EXECUTE format('ALTER TABLE scrubjay.vectors_%s DROP CONSTRAINT vectors_%1$s_pkey', model);
        EXECUTE format('ALTER TABLE scrubjay.signs_%s DROP CONSTRAINT signs_%1$s_pkey', model);
        EXECUTE format('ALTER TABLE scrubjay.vectors_%s RENAME TO old_vectors', model);
        EXECUTE format('ALTER TABLE scrubjay.signs_%s RENAME TO old_signs', model);
        PERFORM scrubjay.make_vector_tables(model, size);
        EXECUTE format('INSERT INTO scrubjay.vectors_%s (passage_id, conversation_id, vector) '
                       'SELECT passage_id, conversation_id, vector FROM scrubjay.old_vectors', model);
        EXECUTE format('INSERT INTO scrubjay.signs_%s (conversation_id, passage_id, signs) '
                       'SELECT conversation_id, passage_id, signs FROM scrubjay.old_signs', model);
        DROP TABLE scrubjay.old_vectors, scrubjay.old_signs;
    END LOOP;
END $$;
DROP FUNCTION scrubjay.partition_passages;
