-- Composite parameters: a code beside a value. The code is one text; what the other columns hold depends on the type of the value.
CREATE TABLE index_pair
(
    resource bigint NOT NULL, param bigint NOT NULL, key text COLLATE "C" NOT NULL,
    text1 text COLLATE "C" NOT NULL, text2 text COLLATE "C" NOT NULL, text3 text COLLATE "C" NOT NULL,
    first bigint NOT NULL, last bigint NOT NULL, low double precision NOT NULL, high double precision NOT NULL, labels bigint NOT NULL
);
CREATE INDEX index_pair_by_resource ON index_pair (resource, param);
CREATE INDEX index_pair_by_value ON index_pair (param, left(key, 150), low);
