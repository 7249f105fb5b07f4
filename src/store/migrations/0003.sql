CREATE TABLE jobs (
    name       TEXT PRIMARY KEY,
    schedule   TEXT NOT NULL,
    timezone   TEXT NOT NULL,
    script     TEXT NOT NULL,
    first_seen INTEGER NOT NULL,  -- seconds from 1970, as all ticks
    seen       INTEGER NOT NULL,  -- every tick up to here has a row
    failures   INTEGER NOT NULL,  -- runs that failed in a row
    paused     TEXT               -- why, while it is paused
) STRICT, WITHOUT ROWID;

CREATE TABLE ticks (
    number    INTEGER PRIMARY KEY,
    job       TEXT NOT NULL REFERENCES jobs (name),
    tick      INTEGER NOT NULL,
    last      INTEGER NOT NULL,   -- the last of several ticks in a row that did not run; else the tick itself
    count     INTEGER NOT NULL,
    outcome   TEXT NOT NULL,
    caught_up INTEGER NOT NULL,
    attempt   INTEGER NOT NULL,   -- 0 before it starts
    started   TEXT,
    finished  TEXT,
    error     TEXT,
    UNIQUE (job, tick)
) STRICT;

CREATE INDEX open_ticks ON ticks (job) WHERE outcome IN ('waiting', 'running');
