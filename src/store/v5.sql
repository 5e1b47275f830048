-- Methods are looked up by a hash of their normal form: the texts themselves were in the book twice. Which imported row
-- an identity has is read at once by an import that asks, so it needs no index. Search texts and lines of lists are
-- written anew (migrations::DERIVED): their blocks are larger, and packed so that they unpack faster.
create table method_5 (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "type" text,
  "value" text,
  "label" text,
  norm text,
  hash integer,
  "service" text,
  "position" real,
  primary key (contact, n)
) without rowid, strict;
insert into method_5
  select contact, n, tx, i, deleted, "type", "value", "label", norm, null, "service", "position" from method order by contact, n;
drop table method;
alter table method_5 rename to method;
create index method_hash on method(hash) where hash is not null;
drop index identity_fp;
