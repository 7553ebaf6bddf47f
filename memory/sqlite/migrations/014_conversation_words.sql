-- What the full-text indexes hold of each passage once more, by conversation: a search in one of many chats reads its
-- words alone, and counts how rare they are there (memory/sqlite/term_rows.py). It is complete once the passages that
-- are older than it are in it (memory/sqlite/word_filling.py).
CREATE TABLE conversation_words (
    conversation_id INTEGER NOT NULL,
    passage_id INTEGER NOT NULL,
    terms BLOB NOT NULL,
    PRIMARY KEY (conversation_id, passage_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE conversation_words_state (complete INTEGER NOT NULL) STRICT;
INSERT INTO conversation_words_state SELECT NOT EXISTS (SELECT 1 FROM passages);
