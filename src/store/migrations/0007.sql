ALTER TABLE runs ADD COLUMN code TEXT;         -- the script's text, where no file holds it

ALTER TABLE runs ADD COLUMN beside TEXT;       -- the first run that the same start of a script noted, where it is another one

ALTER TABLE runs ADD COLUMN started_with TEXT; -- the profile that the script was started with, where it is another one
