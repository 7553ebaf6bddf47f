-- The same rows as before, told by OR: for the list of an IN, SQLite builds a table anew with each message that is stored.
DROP INDEX passages_history;
CREATE INDEX passages_history ON passages (conversation_id, id)
    WHERE kind = 'question' OR kind = 'answer' OR kind = 'command';
