-- What records of a tenant are called, for completion while typing. All of it can be read again from Vitally.
CREATE TABLE record_names (
    profile     TEXT NOT NULL,
    origin      TEXT NOT NULL,
    object      TEXT NOT NULL,
    id          TEXT NOT NULL,
    external_id TEXT,
    name        TEXT NOT NULL,
    PRIMARY KEY (profile, origin, object, id)
) STRICT, WITHOUT ROWID;
