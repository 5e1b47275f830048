-- Derived: what the search index in memory is made of, and what lists show, in compressed blocks of contacts whose keys
-- follow each other (store::blocks). A row a contact took a look-up each.
drop table hay;
create table hay (block integer primary key, body blob not null) strict;
create table line (block integer primary key, body blob not null) strict;
