-- What a search of a caller with a small view starts from: what is about the persons whom the caller stands towards, what the caller's party
-- holds, what is about nobody, each by the root masks that the caller is permitted. What is hidden is not even passed.
DROP INDEX resource_by_person;
CREATE INDEX resource_by_person ON resource (person, type, root_mask, holder);
CREATE INDEX resource_by_root ON resource (type, root_mask, holder);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('resource', 'resource_by_person', '2000000 20 4 2 1'),
    ('resource', 'resource_by_root', '2000000 100000 10000 1000');
ANALYZE sqlite_schema;
