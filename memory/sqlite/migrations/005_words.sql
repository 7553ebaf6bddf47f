-- By which recipe the full-text indexes were filled (see memory/sqlite/upgrade.py).

CREATE TABLE word_indexes (recipe INTEGER NOT NULL) STRICT;
INSERT INTO word_indexes VALUES (1);
