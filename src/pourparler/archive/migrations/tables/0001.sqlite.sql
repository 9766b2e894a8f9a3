CREATE TABLE copy (
    report VARCHAR NOT NULL,
    "of" VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    score FLOAT NOT NULL,
    CONSTRAINT pk_copy PRIMARY KEY (report)
);

CREATE INDEX ix_copy_of ON copy ("of");

CREATE TABLE event (
    "key" VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    mode VARCHAR,
    status VARCHAR NOT NULL,
    first VARCHAR,
    last VARCHAR,
    day VARCHAR,
    place TEXT,
    country VARCHAR,
    latitude FLOAT,
    longitude FLOAT,
    score FLOAT NOT NULL,
    confidence FLOAT NOT NULL,
    tellings INTEGER NOT NULL,
    outlets INTEGER NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY ("key")
);

CREATE INDEX ix_event_day ON event (day);

CREATE TABLE feed (
    url TEXT NOT NULL,
    state TEXT NOT NULL,
    CONSTRAINT pk_feed PRIMARY KEY (url)
);

CREATE TABLE judgement (
    kind VARCHAR NOT NULL,
    a VARCHAR NOT NULL,
    b VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,
    score FLOAT NOT NULL,
    CONSTRAINT pk_judgement PRIMARY KEY (kind, a, b, method, basis)
);

CREATE INDEX ix_judgement_b ON judgement (kind, b);

CREATE TABLE pending (
    report VARCHAR NOT NULL,
    CONSTRAINT pk_pending PRIMARY KEY (report)
);

CREATE TABLE report (
    n INTEGER NOT NULL,
    "key" VARCHAR NOT NULL,
    id TEXT NOT NULL,
    title TEXT,
    published VARCHAR,
    day VARCHAR,
    publisher TEXT,
    url TEXT,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT pk_report PRIMARY KEY (n),
    CONSTRAINT uq_report_key UNIQUE ("key")
);

CREATE INDEX ix_report_day ON report (day);

CREATE INDEX ix_report_id ON report (id);

CREATE TABLE run (
    n INTEGER NOT NULL,
    "key" VARCHAR NOT NULL,
    body TEXT NOT NULL,
    at VARCHAR NOT NULL,
    CONSTRAINT pk_run PRIMARY KEY (n),
    CONSTRAINT uq_run_key UNIQUE ("key")
);

CREATE TABLE serial (
    n INTEGER NOT NULL,
    CONSTRAINT pk_serial PRIMARY KEY (n)
);

CREATE TABLE side (
    telling VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    kind VARCHAR NOT NULL,
    country VARCHAR,
    sector VARCHAR,
    CONSTRAINT pk_side PRIMARY KEY (telling, role, n)
);

CREATE INDEX ix_side_country ON side (country, role, telling);

CREATE TABLE signature (
    report VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT pk_signature PRIMARY KEY (report, method)
);

CREATE INDEX ix_signature_digest ON signature (digest);

CREATE TABLE speaker (
    saying VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    kind VARCHAR NOT NULL,
    country VARCHAR,
    sector VARCHAR,
    CONSTRAINT pk_speaker PRIMARY KEY (saying, role, n)
);

CREATE INDEX ix_speaker_country ON speaker (country, saying);

CREATE TABLE told (
    telling VARCHAR NOT NULL,
    event VARCHAR NOT NULL,
    CONSTRAINT pk_told PRIMARY KEY (telling)
);

CREATE INDEX ix_told_event ON told (event);

CREATE TABLE arrival (
    report VARCHAR NOT NULL,
    source TEXT NOT NULL,
    place TEXT NOT NULL,
    at VARCHAR NOT NULL,
    CONSTRAINT pk_arrival PRIMARY KEY (report, source, place),
    CONSTRAINT fk_arrival_report FOREIGN KEY(report) REFERENCES report ("key")
);

CREATE TABLE record (
    report VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    body BLOB NOT NULL,
    CONSTRAINT pk_record PRIMARY KEY (report, run),
    CONSTRAINT fk_record_report FOREIGN KEY(report) REFERENCES report ("key"),
    CONSTRAINT fk_record_run FOREIGN KEY(run) REFERENCES run ("key")
);

CREATE TABLE saying (
    "key" VARCHAR NOT NULL,
    report VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    local VARCHAR NOT NULL,
    published VARCHAR,
    publisher TEXT,
    act VARCHAR NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    cue TEXT NOT NULL,
    content TEXT NOT NULL,
    content_start INTEGER,
    content_end INTEGER,
    quoted BOOLEAN NOT NULL,
    speakers TEXT NOT NULL,
    addressees TEXT NOT NULL,
    about VARCHAR NOT NULL,
    answers VARCHAR NOT NULL,
    confidence FLOAT NOT NULL,
    CONSTRAINT pk_saying PRIMARY KEY ("key"),
    CONSTRAINT fk_saying_report FOREIGN KEY(report) REFERENCES report ("key")
);

CREATE INDEX ix_saying_report ON saying (report);

CREATE TABLE telling (
    n INTEGER NOT NULL,
    "key" VARCHAR NOT NULL,
    report VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    local VARCHAR NOT NULL,
    published VARCHAR,
    publisher TEXT,
    type VARCHAR NOT NULL,
    mode VARCHAR,
    status VARCHAR NOT NULL,
    first VARCHAR,
    last VARCHAR,
    precision VARCHAR,
    basis VARCHAR,
    day VARCHAR,
    place TEXT,
    spot TEXT,
    country VARCHAR,
    latitude FLOAT,
    longitude FLOAT,
    geonames INTEGER,
    score FLOAT NOT NULL,
    confidence FLOAT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    words TEXT NOT NULL,
    passage_start INTEGER NOT NULL,
    passage_end INTEGER NOT NULL,
    saying VARCHAR,
    sides TEXT NOT NULL,
    verdict VARCHAR,
    CONSTRAINT pk_telling PRIMARY KEY (n),
    CONSTRAINT uq_telling_key UNIQUE ("key"),
    CONSTRAINT fk_telling_report FOREIGN KEY(report) REFERENCES report ("key")
);

CREATE INDEX ix_telling_day ON telling (day);

CREATE INDEX ix_telling_publisher ON telling (publisher);

CREATE INDEX ix_telling_report ON telling (report);

CREATE INDEX ix_telling_spot ON telling (spot);

CREATE INDEX ix_telling_type ON telling (type);

CREATE TABLE unread (
    report VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_unread PRIMARY KEY (report, run),
    CONSTRAINT fk_unread_report FOREIGN KEY(report) REFERENCES report ("key"),
    CONSTRAINT fk_unread_run FOREIGN KEY(run) REFERENCES run ("key")
);

CREATE TABLE verdict (
    n INTEGER NOT NULL,
    "key" VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    report VARCHAR NOT NULL,
    run VARCHAR NOT NULL,
    telling VARCHAR NOT NULL,
    anchor TEXT NOT NULL,
    other TEXT,
    field VARCHAR,
    "before" TEXT,
    value TEXT,
    "by" TEXT NOT NULL,
    why TEXT,
    at VARCHAR NOT NULL,
    undoes VARCHAR,
    CONSTRAINT pk_verdict PRIMARY KEY (n),
    CONSTRAINT uq_verdict_key UNIQUE ("key"),
    CONSTRAINT fk_verdict_report FOREIGN KEY(report) REFERENCES report ("key")
);

CREATE INDEX ix_verdict_report ON verdict (report);

CREATE INDEX ix_verdict_telling ON verdict (telling);

CREATE VIRTUAL TABLE report_words USING fts5(words, content='', tokenize='unicode61');

CREATE VIRTUAL TABLE telling_words USING fts5(words, content='', tokenize='unicode61');

INSERT INTO serial (n) VALUES (0);
