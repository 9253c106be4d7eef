-- What a search costs follows what it answers, not what is stored.

-- The times by which a resource is newest for somebody, in order: `leads` of a change that a later one overtakes for everybody who saw it
-- is 0. The first version always leads: whom no change is permitted sees its time.
ALTER TABLE version_change ADD COLUMN type text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE version_change ADD COLUMN leads bigint NOT NULL DEFAULT 1;
UPDATE version_change SET
    type = (SELECT r.type FROM resource r WHERE r.key = version_change.resource),
    leads = CASE WHEN version > (SELECT min(f.version) FROM version_change f WHERE f.resource = version_change.resource)
        AND EXISTS (SELECT 1 FROM version_change n WHERE n.resource = version_change.resource AND n.version > version_change.version
            AND (n.mask & ~version_change.mask) = 0) THEN 0 ELSE 1 END;
CREATE INDEX version_change_by_time ON version_change (type, last_updated, resource, version, mask) WHERE leads = 1;

-- Descending dates go by the end of a period.
CREATE INDEX index_date_by_end ON index_date (param, high, low, resource, labels);

-- A search asks about the persons it meets, so nobody reads any more whose ties changed.
DROP TABLE person_touched;
DROP INDEX person_by_class;

-- The persons of a whole party, apart from those of each of its actors.
CREATE INDEX backing_of_party ON backing (party, person, regard, kind, since, until) WHERE actor = '';
