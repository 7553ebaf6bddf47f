-- From where a memory is being moved into this database; while it says so, nothing else opens it.
CREATE TABLE scrubjay.moving (source text NOT NULL, begun_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX passages_unindexed ON scrubjay.passages (conversation_id, said_at, id)
    WHERE word_block IS NULL AND kind IN ('message', 'system', 'document', 'fact');
