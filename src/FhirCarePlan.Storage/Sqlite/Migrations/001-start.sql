-- Times are UTC ticks (100 ns). Masks are bits of categories. Persons and resources have small integer keys inside the file, so that
-- the many narrow rows that point at them stay narrow; nothing outside ever sees one.

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- A bit is given once and never used again.
CREATE TABLE category_bit (category TEXT PRIMARY KEY, bit INTEGER NOT NULL UNIQUE) WITHOUT ROWID;

-- ---- persons -----------------------------------------------------------------------------------------------------------

CREATE TABLE consent_class (no INTEGER PRIMARY KEY, state TEXT NOT NULL UNIQUE);
INSERT INTO consent_class (no, state) VALUES (0, '');

CREATE TABLE person
(
    no INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    consent_class INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    next_boundary INTEGER
);
CREATE INDEX person_by_class ON person (consent_class);
CREATE INDEX person_by_boundary ON person (next_boundary) WHERE next_boundary IS NOT NULL;

-- Whose class or relationships changed, in order: what somebody who has read all relationships of a party must read again.
CREATE TABLE person_touched (no INTEGER PRIMARY KEY AUTOINCREMENT, person INTEGER NOT NULL);

CREATE TABLE person_patient (patient TEXT PRIMARY KEY, person INTEGER NOT NULL, number_hash BLOB) WITHOUT ROWID;
CREATE INDEX person_patient_by_person ON person_patient (person);
CREATE INDEX person_patient_by_number ON person_patient (number_hash) WHERE number_hash IS NOT NULL;

-- One bit of kind per row, so that the kinds in force are the sum of the distinct ones. Actor '' is the whole party; until is the
-- greatest integer when open.
CREATE TABLE relationship
(
    party TEXT NOT NULL,
    person INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    actor TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    cause TEXT NOT NULL,
    PRIMARY KEY (party, person, kind, actor, since, until, cause)
) WITHOUT ROWID;
CREATE INDEX relationship_by_person ON relationship (person);
CREATE INDEX relationship_by_cause ON relationship (cause);
CREATE INDEX relationship_by_actor ON relationship (party, actor, person) WHERE actor <> '';

CREATE TABLE consent_row
(
    consent TEXT NOT NULL,
    person INTEGER NOT NULL,
    facts TEXT NOT NULL,
    lapses_at INTEGER,
    PRIMARY KEY (consent, person, facts)
) WITHOUT ROWID;
CREATE INDEX consent_row_by_person ON consent_row (person);

-- ---- resources ---------------------------------------------------------------------------------------------------------

CREATE TABLE resource
(
    key INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    holder TEXT NOT NULL,
    person INTEGER,
    root_mask INTEGER NOT NULL,
    is_deleted INTEGER NOT NULL,
    version INTEGER NOT NULL,
    version_id TEXT NOT NULL
);
CREATE UNIQUE INDEX resource_by_id ON resource (type, id);

CREATE TABLE version
(
    no INTEGER PRIMARY KEY,
    resource INTEGER NOT NULL,
    version_id TEXT NOT NULL,
    last_updated INTEGER NOT NULL,
    method TEXT NOT NULL,
    is_deleted INTEGER NOT NULL,
    content_date INTEGER,
    root_mask INTEGER NOT NULL,
    change_mask INTEGER NOT NULL,
    changes BLOB NOT NULL,
    labels BLOB NOT NULL,
    body BLOB NOT NULL
);

-- A row for every mask under which a version changed (the smallest ones: who sees a larger one sees a smaller one); -1, which nobody is
-- permitted, when it changed for nobody. The newest row a caller is permitted names the version and the time that he sees.
CREATE TABLE version_change
(
    resource INTEGER NOT NULL,
    version INTEGER NOT NULL,
    mask INTEGER NOT NULL,
    version_id TEXT NOT NULL,
    last_updated INTEGER NOT NULL,
    PRIMARY KEY (resource, version, mask)
) WITHOUT ROWID;

-- ---- index rows of current versions ------------------------------------------------------------------------------------------
-- Each table lies clustered by resource: the rows of a new resource go to the end of the table, side by side; an update finds the old
-- rows there, compares and touches only what differs; sort keys, `:missing` and the criteria that do not lead a search are looked up
-- there. The index by value, which leads a search, repeats all columns (the primary key's follow by themselves), so that the table is not
-- visited. That is cheaper than a list of keys per resource: writing in resource order costs little, pages at random places cost much.

CREATE TABLE index_token
(
    resource INTEGER NOT NULL, param INTEGER NOT NULL, code TEXT NOT NULL, system TEXT NOT NULL, labels INTEGER NOT NULL,
    PRIMARY KEY (resource, param, code, system, labels)
) WITHOUT ROWID;
CREATE INDEX index_token_by_value ON index_token (param, code, system);

-- For `:text`, which always looks at one resource after the other.
CREATE TABLE index_text
(
    resource INTEGER NOT NULL, param INTEGER NOT NULL, text TEXT NOT NULL, labels INTEGER NOT NULL,
    PRIMARY KEY (resource, param, text, labels)
) WITHOUT ROWID;

-- By target before parameter: `subject` and `patient` then lie on one page, and who refers to something by any parameter is one range.
CREATE TABLE index_reference
(
    resource INTEGER NOT NULL, param INTEGER NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, address TEXT NOT NULL, labels INTEGER NOT NULL,
    PRIMARY KEY (resource, param, id, type, address, labels)
) WITHOUT ROWID;
CREATE INDEX index_reference_by_value ON index_reference (id, address, param, type);

CREATE TABLE index_string
(
    resource INTEGER NOT NULL, param INTEGER NOT NULL, normal TEXT NOT NULL, text TEXT NOT NULL, labels INTEGER NOT NULL,
    PRIMARY KEY (resource, param, normal, text, labels)
) WITHOUT ROWID;
CREATE INDEX index_string_by_value ON index_string (param, normal);

CREATE TABLE index_uri
(
    resource INTEGER NOT NULL, param INTEGER NOT NULL, uri TEXT NOT NULL, labels INTEGER NOT NULL,
    PRIMARY KEY (resource, param, uri, labels)
) WITHOUT ROWID;
CREATE INDEX index_uri_by_value ON index_uri (param, uri);

CREATE TABLE index_date
(
    resource INTEGER NOT NULL, param INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, labels INTEGER NOT NULL,
    PRIMARY KEY (resource, param, low, high, labels)
) WITHOUT ROWID;
CREATE INDEX index_date_by_value ON index_date (param, low, high);

CREATE TABLE index_number
(
    resource INTEGER NOT NULL, param INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL, number REAL NOT NULL, labels INTEGER NOT NULL,
    PRIMARY KEY (resource, param, low, high, number, labels)
) WITHOUT ROWID;
CREATE INDEX index_number_by_value ON index_number (param, low, high);

CREATE TABLE index_quantity
(
    resource INTEGER NOT NULL, param INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL, number REAL NOT NULL,
    system TEXT NOT NULL, code TEXT NOT NULL, unit TEXT NOT NULL, labels INTEGER NOT NULL,
    PRIMARY KEY (resource, param, low, high, number, system, code, unit, labels)
) WITHOUT ROWID;
CREATE INDEX index_quantity_by_value ON index_quantity (param, low, high);

-- ---- audit -------------------------------------------------------------------------------------------------------------

-- chain = SHA-256(chain before || commitment), commitment = SHA-256(salt || payload): the payload may go, the chain holds.
CREATE TABLE audit_chain (seq INTEGER PRIMARY KEY, commitment BLOB NOT NULL, chain BLOB NOT NULL);

CREATE TABLE audit_payload
(
    seq INTEGER PRIMARY KEY,
    salt BLOB NOT NULL,
    at INTEGER NOT NULL,
    is_permitted INTEGER NOT NULL,
    id TEXT NOT NULL,
    interaction TEXT NOT NULL,
    subject TEXT NOT NULL,
    party TEXT,
    role TEXT,
    purpose TEXT,
    agent TEXT,
    organization TEXT,
    target TEXT NOT NULL,
    person TEXT,
    patient TEXT,
    holder TEXT,
    query TEXT,
    policies TEXT NOT NULL,
    reason TEXT,
    correlation TEXT
);

-- Every read waits for its audit row, so the row itself has no index. Whenever a block of rows is full, what one may ask for is sorted
-- and appended here; a search looks into every block, and goes through the rows after the last block one by one.
CREATE TABLE audit_block (no INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, at_min INTEGER NOT NULL, at_max INTEGER NOT NULL);
CREATE TABLE audit_facet
(
    block INTEGER NOT NULL, facet INTEGER NOT NULL, value TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (block, facet, value, seq)
) WITHOUT ROWID;

-- ---- what the planner must know ------------------------------------------------------------------------------------------
-- Stated once instead of measured: plans are the same on every machine and at every size. Rows, then rows per distinct prefix.

ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('person', 'sqlite_autoindex_person_1', '100000 1'),
    ('person', 'person_by_class', '100000 1000'),
    ('relationship', 'relationship', '400000 20000 4 2 1 1 1 1'),
    ('relationship', 'relationship_by_person', '400000 4 2 2 1 1 1 1'),
    ('relationship', 'relationship_by_cause', '400000 4 2 1 1 1 1 1'),
    ('resource', 'resource_by_id', '2000000 100000 1'),
    ('version_change', 'version_change', '4000000 2 1 1'),
    ('index_token', 'index_token', '20000000 10 2 1 1 1'),
    ('index_token', 'index_token_by_value', '20000000 100000 500 400 1 1'),
    ('index_text', 'index_text', '5000000 5 2 1 1'),
    ('index_reference', 'index_reference', '10000000 6 2 1 1 1 1'),
    ('index_reference', 'index_reference_by_value', '10000000 40 40 10 10 1 1'),
    ('index_string', 'index_string', '1000000 4 2 1 1 1'),
    ('index_string', 'index_string_by_value', '1000000 50000 50 1 1 1'),
    ('index_uri', 'index_uri', '1000000 2 2 1 1'),
    ('index_uri', 'index_uri_by_value', '1000000 50000 50 1 1'),
    ('index_date', 'index_date', '5000000 3 1 1 1 1'),
    ('index_date', 'index_date_by_value', '5000000 100000 20 10 1 1'),
    ('index_number', 'index_number', '100000 2 1 1 1 1 1'),
    ('index_number', 'index_number_by_value', '100000 20000 20 10 1 1 1'),
    ('index_quantity', 'index_quantity', '1000000 2 1 1 1 1 1 1 1 1'),
    ('index_quantity', 'index_quantity_by_value', '1000000 20000 20 10 1 1 1 1 1 1'),
    ('audit_facet', 'audit_facet', '100000000 40000 4000 4 1');
ANALYZE sqlite_schema;
