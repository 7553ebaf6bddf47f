-- What was left out of a document, as sentences in a JSON array.
ALTER TABLE documents ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';
