CREATE TABLE own_list (
    hash VARCHAR NOT NULL,
    body BLOB NOT NULL,
    at VARCHAR NOT NULL,
    CONSTRAINT pk_own_list PRIMARY KEY (hash)
);
