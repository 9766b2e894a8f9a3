CREATE TABLE forgotten (
    n SERIAL NOT NULL,
    kind VARCHAR COLLATE "C" NOT NULL,
    by VARCHAR COLLATE "C" NOT NULL,
    why VARCHAR COLLATE "C" NOT NULL,
    at VARCHAR COLLATE "C" NOT NULL,
    removed INTEGER NOT NULL,
    masked INTEGER NOT NULL,
    salt VARCHAR COLLATE "C" NOT NULL,
    erased VARCHAR COLLATE "C",
    CONSTRAINT pk_forgotten PRIMARY KEY (n)
);

CREATE TABLE barred (
    mark VARCHAR COLLATE "C" NOT NULL,
    forgotten INTEGER NOT NULL,
    CONSTRAINT pk_barred PRIMARY KEY (mark),
    CONSTRAINT fk_barred_forgotten FOREIGN KEY(forgotten) REFERENCES forgotten (n)
);

CREATE INDEX ix_barred_forgotten ON barred (forgotten);
