-- What the owner forgot of an import, so that importing the chat again doesn't bring it back: a keyed fingerprint of each
-- message's id, from which no word can be read.

CREATE TABLE forgotten_key (key BLOB NOT NULL) STRICT;
INSERT INTO forgotten_key VALUES (randomblob(32));

CREATE TABLE forgotten (mark BLOB NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
