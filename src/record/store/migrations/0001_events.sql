-- One row per decision. Portable between SQLite and PostgreSQL: TEXT, BIGINT and DOUBLE PRECISION only, lists as JSON text.
CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    time TEXT NOT NULL,
    at BIGINT NOT NULL, -- microseconds since 1970, UTC
    organisation TEXT NOT NULL,
    node TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_groups TEXT NOT NULL,
    domain TEXT NOT NULL,
    tool TEXT NOT NULL,
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    host TEXT NOT NULL,
    direction TEXT NOT NULL,
    model TEXT,
    conversation TEXT,
    action TEXT NOT NULL,
    rule TEXT,
    mode TEXT NOT NULL,
    status TEXT NOT NULL,
    class TEXT NOT NULL,
    findings TEXT NOT NULL,
    justification TEXT,
    purpose TEXT,
    bytes_in BIGINT NOT NULL,
    bytes_out BIGINT NOT NULL,
    tokens_in BIGINT,
    tokens_out BIGINT,
    added_us BIGINT NOT NULL,
    policy TEXT NOT NULL,
    client TEXT NOT NULL,
    reason_nl TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);

-- Holds all that the dashboard counts, so that it need not read the rows.
CREATE INDEX events_usage ON events (at, tool, status, action, mode, kind, subject);

-- One row per detector in an event, with what is grouped by.
CREATE TABLE findings (
    event TEXT NOT NULL,
    detector TEXT NOT NULL,
    class TEXT NOT NULL,
    at BIGINT NOT NULL,
    tool TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    found BIGINT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (event, detector, class)
);

CREATE INDEX findings_at ON findings (at);

-- How far each node's audit log has been read in; written in the same transaction as the rows.
CREATE TABLE audit_position (
    node TEXT NOT NULL PRIMARY KEY,
    file BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    hash TEXT NOT NULL
);
