-- The words of a resource, for `_text` and `_content`: a row for each set of labels, or several where it is long. Words of hidden nodes are in
-- rows of their own, so that a row is permitted or not like any other index row.
CREATE TABLE index_words
(
    no INTEGER PRIMARY KEY, resource INTEGER NOT NULL, param INTEGER NOT NULL, words TEXT NOT NULL, labels INTEGER NOT NULL
);
CREATE INDEX index_words_by_resource ON index_words (resource, param);

-- Leads from a word to the rows that have it.
CREATE VIRTUAL TABLE words_found USING fts5(words, content='index_words', content_rowid='no', detail='none', columnsize=0, tokenize='unicode61 remove_diacritics 0');
-- What is removed leaves no trace in the index either.
INSERT INTO words_found (words_found, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER index_words_in AFTER INSERT ON index_words BEGIN INSERT INTO words_found (rowid, words) VALUES (new.no, new.words); END;
CREATE TRIGGER index_words_out AFTER DELETE ON index_words BEGIN INSERT INTO words_found (words_found, rowid, words) VALUES ('delete', old.no, old.words); END;
