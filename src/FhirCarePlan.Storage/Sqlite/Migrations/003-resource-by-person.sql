-- What is on record about somebody: asked with every write that a rule of care looks at.
CREATE INDEX resource_by_person ON resource (person, type) WHERE person IS NOT NULL;
