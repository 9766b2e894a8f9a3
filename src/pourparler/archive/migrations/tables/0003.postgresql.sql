CREATE TABLE own_list (
    hash VARCHAR COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    at VARCHAR COLLATE "C" NOT NULL,
    CONSTRAINT pk_own_list PRIMARY KEY (hash)
);
