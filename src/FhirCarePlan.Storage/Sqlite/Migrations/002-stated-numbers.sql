-- NHS numbers that a Patient states without their being verified: they make nobody one person, but refusals of the person whose
-- verified number it is bind this one too. The hash is keyed, as that of verified numbers.
CREATE TABLE stated_number (patient TEXT NOT NULL, number_hash BLOB NOT NULL, PRIMARY KEY (patient, number_hash)) WITHOUT ROWID;
CREATE INDEX stated_number_by_number ON stated_number (number_hash);
