-- Composite parameters: a code beside a value. The code is one text; what the other columns hold depends on the type of the value.
CREATE TABLE index_pair
(
    resource INTEGER NOT NULL, param INTEGER NOT NULL, key TEXT NOT NULL, text1 TEXT NOT NULL, text2 TEXT NOT NULL, text3 TEXT NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL, labels INTEGER NOT NULL,
    PRIMARY KEY (resource, param, key, text1, text2, text3, first, last, low, high, labels)
) WITHOUT ROWID;
CREATE INDEX index_pair_by_value ON index_pair (param, key, low);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('index_pair', 'index_pair', '1000000 6 3 1 1 1 1 1 1 1 1 1'),
    ('index_pair', 'index_pair_by_value', '1000000 50000 500 10 1 1 1 1 1 1 1');
ANALYZE sqlite_schema;
