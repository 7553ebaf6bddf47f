-- The keys of programs that use the bot over HTTP; `id` is the key's account on the platform "http".

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL UNIQUE,
    scope TEXT NOT NULL CHECK (scope IN ('own', 'key', 'all')),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
