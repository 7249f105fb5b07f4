ALTER TABLE jobs ADD COLUMN kept_by TEXT NOT NULL DEFAULT ''; -- the script that keeps it itself; '' for a job of the project

ALTER TABLE ticks ADD COLUMN runs TEXT; -- the runs that its tries made changes in, with blanks between

DROP INDEX open_ticks;
CREATE INDEX open_ticks ON ticks (job) WHERE outcome IN ('waiting', 'running', 'held');
