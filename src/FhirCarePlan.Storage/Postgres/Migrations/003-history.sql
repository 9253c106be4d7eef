-- What a history of a type costs follows its page: all versions of a type by their times, not only those that are newest for somebody.
CREATE INDEX version_change_by_moment ON version_change (type, last_updated, resource, version, mask);
