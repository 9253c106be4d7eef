-- The words of a resource, for `_text` and `_content`: a row for each set of labels, or several where it is long. Words of hidden nodes are in
-- rows of their own, so that a row is permitted or not like any other index row.
CREATE TABLE index_words (resource bigint NOT NULL, param bigint NOT NULL, words text COLLATE "C" NOT NULL, labels bigint NOT NULL);
CREATE INDEX index_words_by_resource ON index_words (resource, param);
CREATE INDEX index_words_found ON index_words USING gin (string_to_array(words, ' '));
