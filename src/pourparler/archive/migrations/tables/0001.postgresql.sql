CREATE TABLE copy (
    report VARCHAR COLLATE "C" NOT NULL,
    "of" VARCHAR COLLATE "C" NOT NULL,
    method VARCHAR COLLATE "C" NOT NULL,
    score FLOAT NOT NULL,
    CONSTRAINT pk_copy PRIMARY KEY (report)
);

CREATE INDEX ix_copy_of ON copy ("of");

CREATE TABLE event (
    key VARCHAR COLLATE "C" NOT NULL,
    type VARCHAR COLLATE "C" NOT NULL,
    mode VARCHAR COLLATE "C",
    status VARCHAR COLLATE "C" NOT NULL,
    first VARCHAR COLLATE "C",
    last VARCHAR COLLATE "C",
    day VARCHAR COLLATE "C",
    place VARCHAR COLLATE "C",
    country VARCHAR COLLATE "C",
    latitude FLOAT,
    longitude FLOAT,
    score FLOAT NOT NULL,
    confidence FLOAT NOT NULL,
    tellings INTEGER NOT NULL,
    outlets INTEGER NOT NULL,
    body VARCHAR COLLATE "C" NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (key)
);

CREATE INDEX ix_event_day ON event (day);

CREATE TABLE feed (
    url VARCHAR COLLATE "C" NOT NULL,
    state VARCHAR COLLATE "C" NOT NULL,
    CONSTRAINT pk_feed PRIMARY KEY (url)
);

CREATE TABLE judgement (
    kind VARCHAR COLLATE "C" NOT NULL,
    a VARCHAR COLLATE "C" NOT NULL,
    b VARCHAR COLLATE "C" NOT NULL,
    method VARCHAR COLLATE "C" NOT NULL,
    basis VARCHAR COLLATE "C" NOT NULL,
    score FLOAT NOT NULL,
    CONSTRAINT pk_judgement PRIMARY KEY (kind, a, b, method, basis)
);

CREATE INDEX ix_judgement_b ON judgement (kind, b);

CREATE TABLE pending (
    report VARCHAR COLLATE "C" NOT NULL,
    CONSTRAINT pk_pending PRIMARY KEY (report)
);

CREATE TABLE report (
    n SERIAL NOT NULL,
    key VARCHAR COLLATE "C" NOT NULL,
    id VARCHAR COLLATE "C" NOT NULL,
    title VARCHAR COLLATE "C",
    published VARCHAR COLLATE "C",
    day VARCHAR COLLATE "C",
    publisher VARCHAR COLLATE "C",
    url VARCHAR COLLATE "C",
    language VARCHAR COLLATE "C" NOT NULL,
    text VARCHAR COLLATE "C" NOT NULL,
    CONSTRAINT pk_report PRIMARY KEY (n),
    CONSTRAINT uq_report_key UNIQUE (key)
);

CREATE INDEX ix_report_day ON report (day);

CREATE INDEX ix_report_id ON report (id);

CREATE TABLE run (
    n SERIAL NOT NULL,
    key VARCHAR COLLATE "C" NOT NULL,
    body VARCHAR COLLATE "C" NOT NULL,
    at VARCHAR COLLATE "C" NOT NULL,
    CONSTRAINT pk_run PRIMARY KEY (n),
    CONSTRAINT uq_run_key UNIQUE (key)
);

CREATE TABLE serial (
    n INTEGER NOT NULL,
    CONSTRAINT pk_serial PRIMARY KEY (n)
);

CREATE TABLE side (
    telling VARCHAR COLLATE "C" NOT NULL,
    role VARCHAR COLLATE "C" NOT NULL,
    n INTEGER NOT NULL,
    name VARCHAR COLLATE "C" NOT NULL,
    folded VARCHAR COLLATE "C" NOT NULL,
    kind VARCHAR COLLATE "C" NOT NULL,
    country VARCHAR COLLATE "C",
    sector VARCHAR COLLATE "C",
    CONSTRAINT pk_side PRIMARY KEY (telling, role, n)
);

CREATE INDEX ix_side_country ON side (country, role, telling);

CREATE TABLE signature (
    report VARCHAR COLLATE "C" NOT NULL,
    method VARCHAR COLLATE "C" NOT NULL,
    digest VARCHAR COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT pk_signature PRIMARY KEY (report, method)
);

CREATE INDEX ix_signature_digest ON signature (digest);

CREATE TABLE speaker (
    saying VARCHAR COLLATE "C" NOT NULL,
    role VARCHAR COLLATE "C" NOT NULL,
    n INTEGER NOT NULL,
    name VARCHAR COLLATE "C" NOT NULL,
    folded VARCHAR COLLATE "C" NOT NULL,
    kind VARCHAR COLLATE "C" NOT NULL,
    country VARCHAR COLLATE "C",
    sector VARCHAR COLLATE "C",
    CONSTRAINT pk_speaker PRIMARY KEY (saying, role, n)
);

CREATE INDEX ix_speaker_country ON speaker (country, saying);

CREATE TABLE told (
    telling VARCHAR COLLATE "C" NOT NULL,
    event VARCHAR COLLATE "C" NOT NULL,
    CONSTRAINT pk_told PRIMARY KEY (telling)
);

CREATE INDEX ix_told_event ON told (event);

CREATE TABLE arrival (
    report VARCHAR COLLATE "C" NOT NULL,
    source VARCHAR COLLATE "C" NOT NULL,
    place VARCHAR COLLATE "C" NOT NULL,
    at VARCHAR COLLATE "C" NOT NULL,
    CONSTRAINT pk_arrival PRIMARY KEY (report, source, place),
    CONSTRAINT fk_arrival_report FOREIGN KEY(report) REFERENCES report (key)
);

CREATE TABLE record (
    report VARCHAR COLLATE "C" NOT NULL,
    run VARCHAR COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT pk_record PRIMARY KEY (report, run),
    CONSTRAINT fk_record_report FOREIGN KEY(report) REFERENCES report (key),
    CONSTRAINT fk_record_run FOREIGN KEY(run) REFERENCES run (key)
);

CREATE TABLE saying (
    key VARCHAR COLLATE "C" NOT NULL,
    report VARCHAR COLLATE "C" NOT NULL,
    run VARCHAR COLLATE "C" NOT NULL,
    local VARCHAR COLLATE "C" NOT NULL,
    published VARCHAR COLLATE "C",
    publisher VARCHAR COLLATE "C",
    act VARCHAR COLLATE "C" NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    cue VARCHAR COLLATE "C" NOT NULL,
    content VARCHAR COLLATE "C" NOT NULL,
    content_start INTEGER,
    content_end INTEGER,
    quoted BOOLEAN NOT NULL,
    speakers VARCHAR COLLATE "C" NOT NULL,
    addressees VARCHAR COLLATE "C" NOT NULL,
    about VARCHAR COLLATE "C" NOT NULL,
    answers VARCHAR COLLATE "C" NOT NULL,
    confidence FLOAT NOT NULL,
    CONSTRAINT pk_saying PRIMARY KEY (key),
    CONSTRAINT fk_saying_report FOREIGN KEY(report) REFERENCES report (key)
);

CREATE INDEX ix_saying_report ON saying (report);

CREATE TABLE telling (
    n SERIAL NOT NULL,
    key VARCHAR COLLATE "C" NOT NULL,
    report VARCHAR COLLATE "C" NOT NULL,
    run VARCHAR COLLATE "C" NOT NULL,
    local VARCHAR COLLATE "C" NOT NULL,
    published VARCHAR COLLATE "C",
    publisher VARCHAR COLLATE "C",
    type VARCHAR COLLATE "C" NOT NULL,
    mode VARCHAR COLLATE "C",
    status VARCHAR COLLATE "C" NOT NULL,
    first VARCHAR COLLATE "C",
    last VARCHAR COLLATE "C",
    precision VARCHAR COLLATE "C",
    basis VARCHAR COLLATE "C",
    day VARCHAR COLLATE "C",
    place VARCHAR COLLATE "C",
    spot VARCHAR COLLATE "C",
    country VARCHAR COLLATE "C",
    latitude FLOAT,
    longitude FLOAT,
    geonames INTEGER,
    score FLOAT NOT NULL,
    confidence FLOAT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    words VARCHAR COLLATE "C" NOT NULL,
    passage_start INTEGER NOT NULL,
    passage_end INTEGER NOT NULL,
    saying VARCHAR COLLATE "C",
    sides VARCHAR COLLATE "C" NOT NULL,
    verdict VARCHAR COLLATE "C",
    CONSTRAINT pk_telling PRIMARY KEY (n),
    CONSTRAINT uq_telling_key UNIQUE (key),
    CONSTRAINT fk_telling_report FOREIGN KEY(report) REFERENCES report (key)
);

CREATE INDEX ix_telling_day ON telling (day);

CREATE INDEX ix_telling_publisher ON telling (publisher);

CREATE INDEX ix_telling_report ON telling (report);

CREATE INDEX ix_telling_spot ON telling (spot);

CREATE INDEX ix_telling_type ON telling (type);

CREATE TABLE unread (
    report VARCHAR COLLATE "C" NOT NULL,
    run VARCHAR COLLATE "C" NOT NULL,
    reason VARCHAR COLLATE "C" NOT NULL,
    CONSTRAINT pk_unread PRIMARY KEY (report, run),
    CONSTRAINT fk_unread_report FOREIGN KEY(report) REFERENCES report (key),
    CONSTRAINT fk_unread_run FOREIGN KEY(run) REFERENCES run (key)
);

CREATE TABLE verdict (
    n SERIAL NOT NULL,
    key VARCHAR COLLATE "C" NOT NULL,
    kind VARCHAR COLLATE "C" NOT NULL,
    report VARCHAR COLLATE "C" NOT NULL,
    run VARCHAR COLLATE "C" NOT NULL,
    telling VARCHAR COLLATE "C" NOT NULL,
    anchor VARCHAR COLLATE "C" NOT NULL,
    other VARCHAR COLLATE "C",
    field VARCHAR COLLATE "C",
    before VARCHAR COLLATE "C",
    value VARCHAR COLLATE "C",
    by VARCHAR COLLATE "C" NOT NULL,
    why VARCHAR COLLATE "C",
    at VARCHAR COLLATE "C" NOT NULL,
    undoes VARCHAR COLLATE "C",
    CONSTRAINT pk_verdict PRIMARY KEY (n),
    CONSTRAINT uq_verdict_key UNIQUE (key),
    CONSTRAINT fk_verdict_report FOREIGN KEY(report) REFERENCES report (key)
);

CREATE INDEX ix_verdict_report ON verdict (report);

CREATE INDEX ix_verdict_telling ON verdict (telling);

CREATE TABLE report_words (n integer PRIMARY KEY, words tsvector NOT NULL);

CREATE INDEX ix_report_words ON report_words USING gin (words);

CREATE TABLE telling_words (n integer PRIMARY KEY, words tsvector NOT NULL);

CREATE INDEX ix_telling_words ON telling_words USING gin (words);

INSERT INTO serial (n) VALUES (0);
