-- Who says that a party has to do with a person; '*' a registrar who speaks for everybody. Older accepted referrals do not say whose request it was:
-- they are the word of the party that accepted until it writes its task again.
ALTER TABLE relationship ADD COLUMN asserter TEXT NOT NULL DEFAULT '';
-- Of what an answer caused: the request it answers.
ALTER TABLE relationship ADD COLUMN answers TEXT NOT NULL DEFAULT '';
UPDATE relationship SET asserter = coalesce(
    (SELECT r.holder FROM resource r WHERE r.type = substr(cause, 1, instr(cause, '/') - 1) AND r.id = substr(cause, instr(cause, '/') + 1)), '');
DROP INDEX relationship_by_actor;

-- What of it counts, and for whose data: computed from `relationship` and the Consents whenever one of them changes. One bit of kind per row, so that the
-- kinds in force are the sum of the distinct ones. Regard: the holder whose resources it opens, '*' any holder's, 'Type/id' one resource's.
CREATE TABLE backing
(
    party TEXT NOT NULL,
    person INTEGER NOT NULL,
    regard TEXT NOT NULL,
    kind INTEGER NOT NULL,
    actor TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (party, person, regard, kind, actor, since, until)
) WITHOUT ROWID;
CREATE INDEX backing_by_person ON backing (person);
CREATE INDEX backing_by_actor ON backing (party, actor, person) WHERE actor <> '';

-- Who holds the Patient, and whether a registrar who speaks for everybody wrote it.
ALTER TABLE person_patient ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE person_patient ADD COLUMN is_confirmed INTEGER NOT NULL DEFAULT 0;
UPDATE person_patient SET holder = coalesce((SELECT r.holder FROM resource r WHERE r.type = 'Patient' AND r.id = patient), '');

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('backing', 'backing', '400000 20000 4 2 1 1 1 1'),
    ('backing', 'backing_by_person', '400000 4 2 2 1 1 1 1');
ANALYZE sqlite_schema;
