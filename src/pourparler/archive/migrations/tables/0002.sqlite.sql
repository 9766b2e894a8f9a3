CREATE TABLE forgotten (
    n INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    "by" TEXT NOT NULL,
    why TEXT NOT NULL,
    at VARCHAR NOT NULL,
    removed INTEGER NOT NULL,
    masked INTEGER NOT NULL,
    salt VARCHAR NOT NULL,
    erased VARCHAR,
    CONSTRAINT pk_forgotten PRIMARY KEY (n)
);

CREATE TABLE barred (
    mark VARCHAR NOT NULL,
    forgotten INTEGER NOT NULL,
    CONSTRAINT pk_barred PRIMARY KEY (mark),
    CONSTRAINT fk_barred_forgotten FOREIGN KEY(forgotten) REFERENCES forgotten (n)
);

CREATE INDEX ix_barred_forgotten ON barred (forgotten);
