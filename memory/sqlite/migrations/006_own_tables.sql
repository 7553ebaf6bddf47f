-- What was kept in words, in ids and under made-up plugin names gets tables and a column of its own.

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
