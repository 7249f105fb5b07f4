CREATE TABLE runs (
    number      INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    script      TEXT NOT NULL,
    script_hash TEXT NOT NULL,
    arguments   TEXT NOT NULL, -- JSON
    profile     TEXT NOT NULL,
    origin      TEXT NOT NULL,
    mode        TEXT NOT NULL,
    of_run      TEXT,
    started     TEXT NOT NULL,
    finished    TEXT,
    outcome     TEXT,          -- NULL until it is finished
    holder      TEXT NOT NULL  -- the process that runs it, by the word in its lock
) STRICT;

CREATE TABLE changes (
    number      INTEGER PRIMARY KEY,
    run         INTEGER NOT NULL REFERENCES runs (number),
    seq         INTEGER NOT NULL,
    status      TEXT NOT NULL,
    at          TEXT NOT NULL,
    input_row   INTEGER,
    action      TEXT NOT NULL,
    object      TEXT NOT NULL,
    id          TEXT,
    external_id TEXT,
    provisional TEXT,
    name        TEXT,
    parent      TEXT,
    "query"     TEXT,          -- JSON
    "before"    TEXT,          -- JSON
    "after"     TEXT,          -- JSON
    script      TEXT NOT NULL,
    line        INTEGER NOT NULL,
    reason      TEXT,
    kind        TEXT,
    UNIQUE (run, seq)
) STRICT;

CREATE INDEX changes_by_status ON changes (run, status);
CREATE INDEX changes_by_id ON changes (id) WHERE id IS NOT NULL;
CREATE INDEX changes_by_external_id ON changes (external_id) WHERE external_id IS NOT NULL;

CREATE TABLE input_rows (
    run    INTEGER NOT NULL REFERENCES runs (number),
    place  INTEGER NOT NULL,
    key    TEXT,
    hash   TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE plans (
    hash TEXT PRIMARY KEY,
    run  INTEGER NOT NULL REFERENCES runs (number)
) STRICT, WITHOUT ROWID;
