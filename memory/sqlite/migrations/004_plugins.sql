-- What plugins keep and plan, which of them an owner has switched; and where a document came from (a path, an address),
-- so that a newer version of it takes the place of the older one.
-- What belongs to a conversation or a person is forgotten with them.

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
