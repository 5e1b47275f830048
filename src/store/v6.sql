-- Rows that children are named after and that the log does not have (any more): another device had brought a child back, and
-- the row that first made it stopped counting. Such a child's `tx` is minus the number here. Made anew with all tables.
create table stray (n integer primary key, device blob not null, seq integer not null, unique (device, seq)) strict;
-- The ends of all ids lie beside the search texts, where they can be read alone: a list needs all of them to name a few. Search texts
-- and lines are written anew (migrations::DERIVED).
drop table hay;
create table hay (block integer primary key, tails blob not null, body blob not null) strict;
