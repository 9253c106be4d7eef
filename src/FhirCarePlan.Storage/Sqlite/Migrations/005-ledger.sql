-- The ledger: one row for each event or part of one. tag is the beginning of the chain's value after this row; the whole value lies in
-- ledger_head for the newest row alone, so that who cuts rows off without the key cannot say what the value was before. A row whose payload
-- was erased has no salt, and its commitment in place of the payload. Payloads name resources by their keys: a row of `resource` stays for
-- good, even where a resource's content goes. The chain begins on genesis: zeros, or the head of the chain before.
CREATE TABLE ledger (seq INTEGER PRIMARY KEY, tag INTEGER NOT NULL, salt BLOB, payload BLOB NOT NULL);
CREATE TABLE ledger_head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, state BLOB NOT NULL, erased INTEGER NOT NULL, genesis BLOB NOT NULL);

-- Texts that repeat, each stored once in a chapter of 65536 rows: when a chapter's payloads have gone, its texts go.
CREATE TABLE ledger_text (no INTEGER PRIMARY KEY AUTOINCREMENT, chapter INTEGER NOT NULL, text TEXT NOT NULL);
CREATE UNIQUE INDEX ledger_text_by_text ON ledger_text (text, chapter);

-- Rows of events that are not closed yet, and which rows are parts of a closed one.
CREATE TABLE ledger_open (event TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (event, seq)) WITHOUT ROWID;
CREATE TABLE ledger_part (event INTEGER NOT NULL, part INTEGER NOT NULL, PRIMARY KEY (event, part)) WITHOUT ROWID;

-- Every read waits for its row in the ledger, so the row itself has no index. When a block of 4096 rows is full, what its events can be
-- found by is sorted and appended here: a value that is met often with a row set of its own, the rest side by side in bundles.
CREATE TABLE ledger_block (no INTEGER PRIMARY KEY, at_min INTEGER NOT NULL, at_max INTEGER NOT NULL, events BLOB NOT NULL);
CREATE TABLE ledger_facet (block INTEGER NOT NULL, key INTEGER NOT NULL, rows BLOB NOT NULL, PRIMARY KEY (block, key)) WITHOUT ROWID;
CREATE TABLE ledger_bundle (block INTEGER NOT NULL, first INTEGER NOT NULL, entries BLOB NOT NULL, PRIMARY KEY (block, first)) WITHOUT ROWID;

-- audit_chain and audit_payload are taken over by the program, which has the key, and then dropped.
DROP TABLE audit_facet;
DROP TABLE audit_block;

DELETE FROM sqlite_stat1 WHERE tbl = 'audit_facet';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('ledger_facet', 'ledger_facet', '10000000 400 1');
ANALYZE sqlite_schema;
