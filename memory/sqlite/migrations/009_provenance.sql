-- What everything that is no passage was made from, so that it goes when that goes; passages have `evidence`.

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
