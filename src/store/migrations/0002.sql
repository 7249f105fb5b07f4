-- One kind of record of one tenant, as it is watched. Times are milliseconds since 1970, told by Vitally unless a
-- comment says otherwise.
CREATE TABLE families (
    number     INTEGER PRIMARY KEY,
    profile    TEXT NOT NULL,
    origin     TEXT NOT NULL,
    object     TEXT NOT NULL,
    baseline   INTEGER,          -- nothing before it fires by itself
    last_sweep INTEGER,
    sweeps     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (profile, origin, object)
) STRICT;

-- One list of a family that is walked: the active side, the archived side, …
CREATE TABLE streams (
    number        INTEGER PRIMARY KEY,
    family        INTEGER NOT NULL REFERENCES families (number),
    variant       TEXT NOT NULL,
    watermark     INTEGER,       -- NULL until it was walked whole
    polled        INTEGER,       -- Vitally's time at the start of the last whole walk
    lateness      INTEGER NOT NULL DEFAULT 0,
    late_arrivals INTEGER NOT NULL DEFAULT 0,
    requests      INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,       -- by this machine's clock
    trouble       TEXT,
    UNIQUE (family, variant)
) STRICT;

-- What each record held when it was last seen.
CREATE TABLE seen (
    family  INTEGER NOT NULL REFERENCES families (number),
    id      TEXT NOT NULL,
    updated INTEGER NOT NULL,
    content TEXT NOT NULL,       -- JSON
    PRIMARY KEY (family, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE hooks (
    number     INTEGER PRIMARY KEY,
    family     INTEGER NOT NULL REFERENCES families (number),
    script     TEXT NOT NULL,
    name       TEXT NOT NULL,
    "trigger"  TEXT NOT NULL,
    own        INTEGER NOT NULL, -- whether changes of its own script fire it
    since      INTEGER,          -- NULL until Vitally told the time after its registration
    backfill   INTEGER,          -- happenings from then on are still to be looked for
    active     INTEGER NOT NULL DEFAULT 1,
    UNIQUE (family, script, name)
) STRICT;

CREATE TABLE events (
    number    INTEGER PRIMARY KEY,
    family    INTEGER NOT NULL REFERENCES families (number),
    key       TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    record    TEXT NOT NULL,
    title     TEXT NOT NULL,
    at        INTEGER NOT NULL,
    noticed   INTEGER NOT NULL,
    changed   TEXT NOT NULL,     -- JSON
    "before"  TEXT NOT NULL,     -- JSON
    payload   TEXT NOT NULL,     -- JSON: the record as it was seen
    own       TEXT,              -- the script whose change it was
    UNIQUE (family, key)
) STRICT;

CREATE TABLE deliveries (
    number   INTEGER PRIMARY KEY,
    hook     INTEGER NOT NULL REFERENCES hooks (number),
    event    INTEGER NOT NULL REFERENCES events (number),
    record   TEXT NOT NULL,
    state    TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due      INTEGER NOT NULL DEFAULT 0, -- by this machine's clock
    boot     TEXT,
    run      TEXT,               -- the run that its changes are written down under
    kind     TEXT,
    error    TEXT,
    ended    INTEGER,            -- by this machine's clock
    UNIQUE (hook, event)
) STRICT;

CREATE INDEX deliveries_open ON deliveries (hook, record, number)
    WHERE state IN ('collecting', 'held', 'pending', 'running', 'retry');
CREATE INDEX deliveries_by_state ON deliveries (state, number) WHERE state <> 'done';
CREATE INDEX deliveries_by_event ON deliveries (event);

-- What this program wrote itself and has not yet seen come back.
CREATE TABLE own_writes (
    number INTEGER PRIMARY KEY,
    family INTEGER NOT NULL REFERENCES families (number),
    record TEXT NOT NULL,
    at     INTEGER NOT NULL,
    script TEXT NOT NULL,
    hook   TEXT NOT NULL,
    made   INTEGER NOT NULL,     -- whether it made the record
    fields TEXT NOT NULL         -- JSON: what it wrote
) STRICT;

CREATE INDEX own_writes_by_record ON own_writes (family, record);
