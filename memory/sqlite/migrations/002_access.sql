-- Who may talk, what they may have kept and how much they have used; who holds a claim on work; and every event id of a
-- reply that was sent in parts. Accounts are named as their platform names them: forgetting a person's words must not
-- change what they may do.

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
