-- What a history of a type costs follows its page: all versions of a type by their times, not only those that are newest for somebody.
CREATE INDEX version_change_by_moment ON version_change (type, last_updated);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('version_change', 'version_change_by_moment', '4000000 200000 2 2 1 1');
ANALYZE sqlite_schema;
