-- AUTOINCREMENT never gives the id of somebody forgotten to somebody else, who might then be taken for them.
CREATE TABLE people (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    external_id TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (platform, external_id)
) STRICT;

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    external_id TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('direct', 'group')),
    owner_id INTEGER REFERENCES people (id)
) STRICT;
CREATE UNIQUE INDEX conversations_identity ON conversations (platform, external_id, ifnull(owner_id, 0));
CREATE INDEX conversations_owner ON conversations (owner_id);

CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    UNIQUE (conversation_id, sha256)
) STRICT;

-- said_at is in microseconds since 1970 UTC, said_offset the sender's offset from UTC in minutes.
-- previous_id links a recallable passage to the one before it in the same session, session_id to the session's first.
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    author_id INTEGER REFERENCES people (id),
    said_at INTEGER NOT NULL,
    said_offset INTEGER NOT NULL,
    text TEXT NOT NULL,
    event_id TEXT,
    reply_to TEXT,
    link TEXT,
    document_id INTEGER REFERENCES documents (id),
    locator TEXT,
    previous_id INTEGER,
    session_id INTEGER
) STRICT;
CREATE INDEX passages_time ON passages (conversation_id, said_at, id);
-- An event is stored once: its conversation implies its platform.
CREATE UNIQUE INDEX passages_event ON passages (conversation_id, event_id) WHERE event_id IS NOT NULL;
CREATE INDEX passages_previous ON passages (previous_id) WHERE previous_id IS NOT NULL;
CREATE INDEX passages_author ON passages (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX passages_document ON passages (document_id) WHERE document_id IS NOT NULL;

CREATE TABLE facts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    passage_id INTEGER NOT NULL UNIQUE REFERENCES passages (id) ON DELETE CASCADE,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    key TEXT,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
) STRICT;
CREATE INDEX facts_key ON facts (conversation_id, key);
-- What a fact or an answer was drawn from; when a source is forgotten, so is what was drawn from it.
CREATE TABLE evidence (
    passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    source_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    PRIMARY KEY (passage_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_source ON evidence (source_id);

-- Words are found as Porter stems without diacritics; marks belong to words (Hindi, Tamil, Arabic).
-- Positions are kept: without them FTS5 can't count a word's occurrences in a contentless table, and BM25 is zero.
CREATE VIRTUAL TABLE turn_words USING fts5 (words, content = '', tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co M*'");
CREATE VIRTUAL TABLE window_words USING fts5 (words, content = '', tokenize = "porter unicode61 remove_diacritics 2 categories 'L* N* Co M*'");
INSERT INTO turn_words (turn_words, rank) VALUES ('secure-delete', 1);
INSERT INTO window_words (window_words, rank) VALUES ('secure-delete', 1);

-- One row for each embedding model that has vectors here; its vectors live in tables named by its id.
CREATE TABLE embedding_models (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    serving INTEGER NOT NULL DEFAULT 0,
    UNIQUE (name, digest, dimensions)
) STRICT;
CREATE TABLE embedding_queue (
    model_id INTEGER NOT NULL REFERENCES embedding_models (id) ON DELETE CASCADE,
    passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    claimed_until REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (model_id, passage_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX embedding_queue_passage ON embedding_queue (passage_id);

CREATE TABLE inbox (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    payload TEXT NOT NULL
) STRICT;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    in_reply_to INTEGER,
    payload TEXT NOT NULL
) STRICT;
