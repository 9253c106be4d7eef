-- A number over what an answer is made of, by which a read notices damage. The program gives older versions theirs.
ALTER TABLE version ADD COLUMN checksum INTEGER;
