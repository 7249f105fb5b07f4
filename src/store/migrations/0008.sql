-- What a record holds is too long for the leaves of an index: by itself each took a page of the file, which was written
-- anew with every change.
CREATE TABLE seen_in_rows (
    number  INTEGER PRIMARY KEY,
    family  INTEGER NOT NULL REFERENCES families (number),
    id      TEXT NOT NULL,
    updated INTEGER NOT NULL,
    content TEXT NOT NULL,       -- JSON
    UNIQUE (family, id)
) STRICT;
INSERT INTO seen_in_rows (family, id, updated, content) SELECT family, id, updated, content FROM seen;
DROP TABLE seen;
ALTER TABLE seen_in_rows RENAME TO seen;
