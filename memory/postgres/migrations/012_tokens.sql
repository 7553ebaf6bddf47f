-- A token tells a reply again whose transaction is run a second time, since nobody knows whether it was committed.
ALTER TABLE scrubjay.outbox ADD COLUMN token uuid UNIQUE;
