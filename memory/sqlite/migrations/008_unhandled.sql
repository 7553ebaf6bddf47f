-- What platforms told and the bot could not take, as it came.

CREATE TABLE unhandled_updates (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    platform TEXT NOT NULL,
    conversation TEXT NOT NULL,
    payload TEXT NOT NULL,
    problem TEXT NOT NULL,
    met_at INTEGER NOT NULL
) STRICT;
