-- Version 4: what a book needs that several devices write.

-- What each device had written, as far as it is here: `seq` the last row applied, `told` what this device's own last row
-- said of it. Device numbers are those of the table `device`.
create table version (device integer primary key, seq integer not null, told integer not null) strict;
insert into version select device, max(seq), 0 from tx group by device;
-- What a row's `deps` said: from its row `seq` on, `device` knew the rows of `other` up to `upto`.
create table seen (
  device integer not null, other integer not null, seq integer not null, upto integer not null,
  primary key (device, other, seq)
) without rowid, strict;
-- Which rows changed a record that is no contact after it was made; a contact's are in `touched`.
create table wrote (kind integer not null, id integer not null, tx integer not null, primary key (kind, id, tx)) without rowid, strict;
insert or ignore into wrote select kind, id, tx from stamp;
-- Records whose every Create was taken back, or that were erased: the rows that say anything about them.
create table gone (
  kind integer not null, gid blob not null, erased integer not null, rows text not null, primary key (kind, gid)
) without rowid, strict;
-- References to what isn't here (any more); they are filled in when it appears.
create table dangling (
  kind integer not null, id integer not null, n integer not null, field integer not null, target integer not null,
  gid blob not null, primary key (kind, id, n, field)
) without rowid, strict;
create index dangling_target on dangling(target, gid);
-- What happened at once on two devices and somebody should look at: a delete or an undo that an edit has overruled.
create table review (
  kind integer not null, id integer not null, n integer not null, tx integer not null, what text not null,
  primary key (kind, id, n, tx)
) without rowid, strict;
-- Local: rows that arrived before what they build on, and devices that wrote two rows under one number.
create table local_waiting (device blob not null, seq integer not null, body blob not null, primary key (device, seq)) without rowid, strict;
create table local_fork (device blob not null, seq integer not null, body blob not null, hash blob not null, primary key (device, seq, hash)) without rowid, strict;
