-- When each chunk of a model's sign table was last changed, by whichever process: what a copy in memory reads again.
CREATE TABLE sign_changes (
    model_id INTEGER NOT NULL REFERENCES embedding_models (id) ON DELETE CASCADE,
    chunk_id INTEGER NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (model_id, chunk_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_changes_order ON sign_changes (model_id, change);
