"""The database's layout, as numbered migrations that are only ever appended to."""

from __future__ import annotations

# Words are found as Porter stems without diacritics; marks belong to words (Hindi, Tamil, Arabic).
# Positions are kept: without them FTS5 can't count a word's occurrences in a contentless table, and BM25 is zero.
_TOKENIZER = "\"porter unicode61 remove_diacritics 2 categories 'L* N* Co M*'\""

_FIRST = f"""
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

CREATE VIRTUAL TABLE turn_words USING fts5 (words, content = '', tokenize = {_TOKENIZER});
CREATE VIRTUAL TABLE window_words USING fts5 (words, content = '', tokenize = {_TOKENIZER});
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
"""

# Who may talk, what they may have kept and how much they have used; who holds a claim on work; and every event id of a
# reply that was sent in parts. Accounts are named as their platform names them: forgetting a person's words must not
# change what they may do.
_ACCESS = """
CREATE TABLE grants (
    platform TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'conversation', 'workspace')),
    external_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'member', 'guest', 'denied')),
    name TEXT NOT NULL,
    PRIMARY KEY (platform, kind, external_id)
) STRICT, WITHOUT ROWID;

-- A pairing gives a role, a link joins the account that asked for the code with the one that sends it.
CREATE TABLE codes (
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL,
    expires_at REAL NOT NULL,
    role TEXT,
    platform TEXT,
    external_id TEXT
) STRICT;

CREATE TABLE links (
    platform TEXT NOT NULL,
    external_id TEXT NOT NULL,
    identity INTEGER NOT NULL,
    PRIMARY KEY (platform, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_identity ON links (identity);

CREATE TABLE usage (
    day TEXT NOT NULL,
    platform TEXT NOT NULL,
    external_id TEXT NOT NULL,
    what TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, platform, external_id, what)
) STRICT, WITHOUT ROWID;

CREATE TABLE pauses (
    platform TEXT NOT NULL,
    external_id TEXT NOT NULL,
    paused_by TEXT NOT NULL,
    PRIMARY KEY (platform, external_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE inbox ADD COLUMN claimed_by TEXT;
ALTER TABLE outbox ADD COLUMN claimed_by TEXT;

CREATE INDEX passages_event_id ON passages (event_id) WHERE event_id IS NOT NULL;
CREATE TABLE sent_parts (
    event_id TEXT NOT NULL,
    passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    PRIMARY KEY (event_id, passage_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_parts_passage ON sent_parts (passage_id);
"""

# What each import brought, as ranges of passage ids (see memory/sqlite/imports.py).
_IMPORTS = """
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE TABLE import_ranges (
    import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL,
    PRIMARY KEY (import_id, first_id)
) STRICT, WITHOUT ROWID;
"""

# What plugins keep and plan, which of them an owner has switched; and where a document came from (a path, an address),
# so that a newer version of it takes the place of the older one.
# What belongs to a conversation or a person is forgotten with them.
_PLUGINS = """
ALTER TABLE documents ADD COLUMN source TEXT;
CREATE INDEX documents_source ON documents (conversation_id, source) WHERE source IS NOT NULL;

-- One index serves both: an event in its conversation (stored once), and an event wherever it is.
DROP INDEX passages_event;
DROP INDEX passages_event_id;
CREATE UNIQUE INDEX passages_event ON passages (event_id, conversation_id) WHERE event_id IS NOT NULL;

CREATE TABLE plugin_values (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    plugin TEXT NOT NULL,
    conversation_id INTEGER REFERENCES conversations (id) ON DELETE CASCADE,
    person_id INTEGER REFERENCES people (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX plugin_values_key
    ON plugin_values (plugin, ifnull(conversation_id, 0), ifnull(person_id, 0), key);
CREATE INDEX plugin_values_conversation ON plugin_values (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX plugin_values_person ON plugin_values (person_id) WHERE person_id IS NOT NULL;

-- due_at is in microseconds since 1970 UTC; place and payload are JSON; repeats says when it is due again.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    plugin TEXT NOT NULL,
    name TEXT NOT NULL,
    conversation_id INTEGER REFERENCES conversations (id) ON DELETE CASCADE,
    person_id INTEGER REFERENCES people (id) ON DELETE CASCADE,
    place TEXT,
    payload TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    repeats TEXT,
    zone TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    claimed_by TEXT
) STRICT;
CREATE INDEX jobs_due ON jobs (due_at);
CREATE INDEX jobs_conversation ON jobs (conversation_id) WHERE conversation_id IS NOT NULL;
CREATE INDEX jobs_person ON jobs (person_id) WHERE person_id IS NOT NULL;

-- enabled is NULL where only the settings file decides; digest is of the single file that an owner has enabled.
CREATE TABLE plugin_states (
    name TEXT PRIMARY KEY,
    enabled INTEGER,
    digest TEXT,
    settings TEXT NOT NULL DEFAULT '{}',
    reason TEXT
) STRICT, WITHOUT ROWID;

-- The external id of the group whose members can all read a conversation: its own, or that of the group which it is an
-- open thread of. Discord has threads that not everybody can read; which of the older ones are, it tells anew.
ALTER TABLE conversations ADD COLUMN audience TEXT;
UPDATE conversations SET audience = substr(external_id, 1, instr(external_id || '/', '/') - 1)
    WHERE kind = 'group' AND owner_id IS NULL AND (platform <> 'discord' OR instr(external_id, '/') = 0);
CREATE INDEX conversations_audience ON conversations (platform, audience) WHERE audience IS NOT NULL;

-- When the last message was said that was heard on a platform, in microseconds since 1970 UTC.
CREATE TABLE attendance (platform TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Of what an answer was drawn from, what it names as its sources.
ALTER TABLE evidence ADD COLUMN cited INTEGER NOT NULL DEFAULT 0;
"""

# By which recipe the full-text indexes were filled (see memory/sqlite/upgrade.py).
_WORDS = """
CREATE TABLE word_indexes (recipe INTEGER NOT NULL) STRICT;
INSERT INTO word_indexes VALUES (1);
"""

# What was kept in words, in ids and under made-up plugin names gets tables and a column of its own.
_OWN_TABLES = """
-- What somebody thinks of an answer: one each. The question is the message that the answer replies to. A judgement goes
-- with any of them.
CREATE TABLE judgements (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    answer_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    question_id INTEGER REFERENCES passages (id) ON DELETE CASCADE,
    person_id INTEGER REFERENCES people (id) ON DELETE CASCADE,
    value INTEGER NOT NULL CHECK (value IN (-1, 1)),
    given_at INTEGER NOT NULL,
    given_offset INTEGER NOT NULL,
    UNIQUE (answer_id, person_id)
) STRICT;
CREATE INDEX judgements_question ON judgements (question_id) WHERE question_id IS NOT NULL;
CREATE INDEX judgements_person ON judgements (person_id) WHERE person_id IS NOT NULL;
INSERT OR IGNORE INTO judgements (answer_id, question_id, person_id, value, given_at, given_offset)
    SELECT a.id, q.id, p.author_id, iif(p.text = 'feedback +1', 1, -1), p.said_at, p.said_offset
    FROM passages AS p
    JOIN passages AS a ON a.conversation_id = p.conversation_id AND a.id IN (
        SELECT source_id FROM evidence WHERE passage_id = p.id)
        AND (a.event_id = p.reply_to
             OR p.reply_to IS NULL AND a.id = substr(p.event_id, 1, instr(p.event_id, '/feedback/') - 1))
    LEFT JOIN passages AS q ON q.conversation_id = a.conversation_id AND q.event_id = a.reply_to
    WHERE p.kind = 'command' AND instr(p.event_id, '/feedback/') AND p.text IN ('feedback +1', 'feedback -1')
    ORDER BY p.id;
DELETE FROM passages WHERE kind = 'command' AND instr(event_id, '/feedback/')
    AND text IN ('feedback +1', 'feedback -1', 'feedback +0');

-- Whether a fact was drawn from what somebody said, and not told to be kept.
ALTER TABLE facts ADD COLUMN learnt INTEGER NOT NULL DEFAULT 0;
UPDATE facts SET learnt = 1 WHERE passage_id IN (SELECT id FROM passages WHERE instr(event_id, '/learnt/'));

-- What the buttons of a reply say, as JSON; the key is the id of the question that they answer.
CREATE TABLE persistent_buttons (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    UNIQUE (conversation_id, key)
) STRICT;
INSERT INTO persistent_buttons (conversation_id, key, payload)
    SELECT conversation_id, substr(key, length('buttons:') + 1), json_remove(value, '$.at') FROM plugin_values
    WHERE plugin = '' AND conversation_id IS NOT NULL AND substr(key, 1, length('buttons:')) = 'buttons:'
    ORDER BY value ->> 'at', id;

-- What is known of a file that is kept until it can be read, as JSON.
CREATE TABLE kept_files (
    name TEXT PRIMARY KEY,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    payload TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX kept_files_conversation ON kept_files (conversation_id);
INSERT OR IGNORE INTO kept_files (name, conversation_id, payload)
    SELECT key, conversation_id, value FROM plugin_values WHERE plugin = ':kept' AND conversation_id IS NOT NULL;

-- The direct chat in which an owner last wrote, as JSON: where owners are told what they should know.
CREATE TABLE owner_chats (
    person_id INTEGER PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE,
    payload TEXT NOT NULL
) STRICT;
INSERT OR REPLACE INTO owner_chats (person_id, payload)
    SELECT person_id, value FROM plugin_values
    WHERE plugin = '' AND key = 'direct chat' AND person_id IS NOT NULL ORDER BY id;
DELETE FROM plugin_values WHERE plugin IN ('', ':kept');
"""

# The keys of programs that use the bot over HTTP; `id` is the key's account on the platform "http".
_API_KEYS = """
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    scope TEXT NOT NULL CHECK (scope IN ('own', 'key', 'all')),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

# What platforms told and the bot could not take, as it came.
_UNHANDLED = """
CREATE TABLE unhandled_updates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    conversation TEXT NOT NULL,
    payload TEXT NOT NULL,
    problem TEXT NOT NULL,
    met_at INTEGER NOT NULL
) STRICT;
"""

# What everything that is no passage was made from, so that it goes when that goes; passages have `evidence`.
_PROVENANCE = """
CREATE TABLE provenance (
    source_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    outbox_id INTEGER REFERENCES outbox (id) ON DELETE CASCADE,
    job_id INTEGER REFERENCES jobs (id) ON DELETE CASCADE,
    value_id INTEGER REFERENCES plugin_values (id) ON DELETE CASCADE,
    buttons_id INTEGER REFERENCES persistent_buttons (id) ON DELETE CASCADE,
    file_name TEXT REFERENCES kept_files (name) ON DELETE CASCADE,
    CHECK ((outbox_id IS NOT NULL) + (job_id IS NOT NULL) + (value_id IS NOT NULL) + (buttons_id IS NOT NULL)
           + (file_name IS NOT NULL) = 1)
) STRICT;
CREATE INDEX provenance_source ON provenance (source_id);
CREATE UNIQUE INDEX provenance_outbox ON provenance (outbox_id, source_id) WHERE outbox_id IS NOT NULL;
CREATE UNIQUE INDEX provenance_job ON provenance (job_id, source_id) WHERE job_id IS NOT NULL;
CREATE UNIQUE INDEX provenance_value ON provenance (value_id, source_id) WHERE value_id IS NOT NULL;
CREATE UNIQUE INDEX provenance_buttons ON provenance (buttons_id, source_id) WHERE buttons_id IS NOT NULL;
CREATE UNIQUE INDEX provenance_file ON provenance (file_name, source_id) WHERE file_name IS NOT NULL;

INSERT OR IGNORE INTO provenance (outbox_id, source_id)
    SELECT o.id, p.id FROM outbox AS o JOIN passages AS p ON p.id = o.in_reply_to;
INSERT OR IGNORE INTO provenance (outbox_id, source_id)
    SELECT o.id, p.id FROM outbox AS o, json_each(iif(json_valid(o.payload), o.payload, '{}'), '$.drawn_from') AS j
    JOIN passages AS p ON p.id = j.value;
INSERT OR IGNORE INTO provenance (job_id, source_id)
    SELECT j.id, p.id FROM jobs AS j JOIN passages AS p ON p.id = j.place ->> 'passage_id';
INSERT OR IGNORE INTO provenance (file_name, source_id)
    SELECT k.name, p.id FROM kept_files AS k
    JOIN passages AS p ON p.id = iif(json_valid(k.payload), k.payload, '{}') ->> 'passage_id';
-- A reply of the bot's is made from the message that it answers, too.
INSERT OR IGNORE INTO evidence (passage_id, source_id, cited)
    SELECT r.id, q.id, 0 FROM passages AS r
    JOIN passages AS q ON q.event_id = r.reply_to AND q.conversation_id = r.conversation_id AND q.id < r.id
    WHERE r.kind IN ('answer', 'command') AND r.author_id IS NULL;

-- Finds what was asked, answered and commanded among a conversation's messages.
CREATE INDEX passages_history ON passages (conversation_id, id) WHERE kind IN ('question', 'answer', 'command');

-- Of the replies up to this one it was not noted which messages they quote: they are found by their text.
CREATE TABLE provenance_start (passage_id INTEGER NOT NULL) STRICT;
INSERT INTO provenance_start SELECT ifnull((SELECT max(id) FROM passages), 0);
"""

MIGRATIONS: tuple[str, ...] = (
    _FIRST,
    _ACCESS,
    _IMPORTS,
    _PLUGINS,
    _WORDS,
    _OWN_TABLES,
    _API_KEYS,
    _UNHANDLED,
    _PROVENANCE,
)
"""Migration N brings a database from version N to N + 1."""
