CREATE TABLE script_state (
    profile TEXT NOT NULL,
    script  TEXT NOT NULL, -- its path in the project's folder
    kind    TEXT NOT NULL, -- value: of state.set; once: what was done by once()
    "key"   TEXT NOT NULL,
    value   TEXT NOT NULL, -- JSON
    at      TEXT NOT NULL,
    PRIMARY KEY (profile, script, kind, "key")
) STRICT, WITHOUT ROWID;
