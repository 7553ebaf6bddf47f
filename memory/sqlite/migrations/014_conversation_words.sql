-- What the full-text indexes hold of each passage once more, by conversation: a search in one of many chats reads its
-- words alone, and counts how rare they are there (memory/sqlite/term_rows.py). A row holds so many passages, whose ids
-- follow one another from first_id on.
CREATE TABLE conversation_words (
    conversation_id INTEGER NOT NULL,
    first_id INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    terms BLOB NOT NULL,
    PRIMARY KEY (conversation_id, first_id)
) STRICT, WITHOUT ROWID;
-- The passages after filled_to, up to last_older, are older than the table, and not yet in it
-- (memory/sqlite/word_filling.py).
CREATE TABLE conversation_words_state (filled_to INTEGER NOT NULL, last_older INTEGER NOT NULL) STRICT;
INSERT INTO conversation_words_state SELECT 0, ifnull(max(id), 0) FROM passages;
