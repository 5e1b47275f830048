-- Version 1 of a book. Kept as it is for ever: what changes later is a later migration.
-- The columns of a record after `deleted` are what is derived from it (in neither log nor dump) and its fields by the
-- names that model::schema gives them, those that most records have first: unset ones at the end take no space.
-- `created` and `updated` are null where they are the time of the row `tx`, as of nearly all records they are.

create table contact (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  root integer not null, hidden integer not null, sort text not null, last integer,
  "name" text,
  "given" text,
  "family" text,
  "company" integer,
  "title" text,
  "preferred_email" integer,
  "preferred_phone" integer,
  "kind" text,
  "implied" integer,
  "note" text,
  "nickname" text,
  "department" text,
  "starred" integer,
  "archived" integer,
  "middle" text,
  "prefix" text,
  "suffix" text,
  "stage" text,
  "tier" text,
  "source" text,
  "keep_in_touch" text,
  "channel" text,
  "owner" text,
  "language" text,
  "time_zone" text,
  "industry" text,
  "size" text,
  "interests" text,
  "gender" text,
  "pronouns" text,
  "photo" text,
  "phonetic_given" text,
  "phonetic_middle" text,
  "phonetic_family" text,
  "purged" integer
) strict;

create table method (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "type" text,
  "value" text,
  "label" text,
  norm text,
  "service" text,
  "position" real,
  primary key (contact, n)
) without rowid, strict;

create table address (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "label" text,
  "street" text,
  "extended" text,
  "po_box" text,
  "city" text,
  "region" text,
  "postcode" text,
  "country" text,
  "position" real,
  primary key (contact, n)
) without rowid, strict;

create table date (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "label" text,
  "date" text,
  "calendar" text,
  primary key (contact, n)
) without rowid, strict;

create table tag (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "name" text,
  "colour" text
) strict;

create table tagging (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "tag" integer,
  primary key (contact, n)
) without rowid, strict;

create table field (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "key" text,
  "name" text,
  "type" text,
  "choices" text,
  "required" integer,
  "pattern" text
) strict;

create table value (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "field" integer,
  "value" text,
  primary key (contact, n)
) without rowid, strict;

create table link (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "relation" text,
  "to" integer,
  "name" text,
  "note" text,
  primary key (contact, n)
) without rowid, strict;

create table interaction (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "kind" text,
  "channel" text,
  "at" integer,
  "duration" integer,
  "direction" text,
  "subject" text,
  "body" text,
  "outcome" text,
  "amount" integer,
  "currency" text,
  "items" text,
  "rating" integer,
  "status" text,
  "assignee" text,
  "answer_by" text,
  "campaign" integer,
  "external_id" text,
  "deal" integer,
  "project" integer,
  "author" text
) strict;

create table participant (
  interaction integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "contact" integer,
  "role" text,
  primary key (interaction, n)
) without rowid, strict;

create table task (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "contact" integer,
  "deal" integer,
  "project" integer,
  "kind" text,
  "title" text,
  "note" text,
  "due" text,
  "repeat" text,
  "done" integer,
  "snoozed" text,
  "assignee" text,
  "origin" text
) strict;

create table deal (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "title" text,
  "stage" text,
  "amount" integer,
  "currency" text,
  "probability" integer,
  "expected_close" text,
  "closed" integer,
  "won" integer,
  "company" integer,
  "owner" text,
  "note" text
) strict;

create table project (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "name" text,
  "status" text,
  "start" text,
  "end" text,
  "note" text
) strict;

create table member (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "deal" integer,
  "project" integer,
  "role" text,
  primary key (contact, n)
) without rowid, strict;

create table consent (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "purpose" text,
  "channel" text,
  "status" text,
  "basis" text,
  "at" integer,
  "expires" text,
  "evidence" text,
  primary key (contact, n)
) without rowid, strict;

create table same (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "a" integer,
  "b" integer,
  "different" integer
) strict;

create table identity (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "system" text,
  fp integer,
  "ext" text,
  "base" text,
  "at" integer,
  primary key (contact, n)
) without rowid, strict;

create table campaign (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "name" text,
  "template" integer,
  "query" text
) strict;

create table sending (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "campaign" integer,
  "at" integer,
  "status" text,
  primary key (contact, n)
) without rowid, strict;

create table view (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "name" text,
  "query" text,
  "columns" text,
  "sort" text
) strict;

create table template (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "name" text,
  "language" text,
  "subject" text,
  "body" text
) strict;

create table extra (
  contact integer not null, n integer not null, tx integer not null, i integer not null, deleted integer,
  "source" text,
  "name" text,
  "params" text,
  "value" text,
  primary key (contact, n)
) without rowid, strict;

create table setting (
  id integer primary key, uid blob not null, tx integer not null, i integer not null, created integer, updated integer, deleted integer,
  "key" text,
  "value" text
) strict;

create index contact_handle on contact(substr(uid, 9));
create index contact_sort on contact(hidden, sort);
create index contact_company on contact(company) where company is not null;
create index contact_root on contact(root) where root <> id;
create index method_key on method(ifnull(norm, value)) where type in ('email', 'phone');
create index tagging_tag on tagging(tag);
create index value_field on value(field);
create index link_to on link("to");
create index identity_ext on identity(system, ext) where ext is not null;
create index identity_fp on identity(fp) where fp is not null;
create index tag_handle on tag(substr(uid, 9));
create index field_handle on field(substr(uid, 9));
create index interaction_handle on interaction(substr(uid, 9));
create index interaction_at on interaction(at);
create index participant_contact on participant(contact);
create index task_handle on task(substr(uid, 9));
create index task_contact on task(contact) where contact is not null;
create index deal_handle on deal(substr(uid, 9));
create index project_handle on project(substr(uid, 9));
create index same_handle on same(substr(uid, 9));
create index same_a on same(a);
create index same_b on same(b);
create index campaign_handle on campaign(substr(uid, 9));
create index view_handle on view(substr(uid, 9));
create index template_handle on template(substr(uid, 9));
create index setting_handle on setting(substr(uid, 9));

-- A record that was made again elsewhere under the id that its name gives: it lives while any Create isn't undone.
create table birth (
  kind integer not null, id integer not null, tx integer not null, i integer not null,
  primary key (kind, id, tx, i)
) without rowid, strict;

-- The log. `n` is the order of arrival here; (device, seq) is the row's name everywhere.
create table tx (
  n integer primary key, device integer not null, seq integer not null, batch integer not null,
  part integer not null, parts integer not null, hlc integer not null, deps text not null, author text not null,
  origin text not null, label text not null, undoes text, app text not null, seed blob not null, salt blob not null,
  lines integer not null, creates integer not null, body blob not null, hash blob not null
) strict;
create unique index tx_seq on tx(device, seq);
create table device (n integer primary key, id blob not null unique, name text not null) strict;

-- Who last wrote a field that changed since its record was made; field -1 is the bin.
create table stamp (
  kind integer not null, id integer not null, n integer not null, field integer not null, tx integer not null,
  primary key (kind, id, n, field)
) without rowid, strict;
-- Which rows changed a contact after the one that made it.
create table touched (contact integer not null, tx integer not null, primary key (contact, tx)) without rowid, strict;
-- Values that lost against a concurrent one.
create table sibling (
  kind integer not null, id integer not null, n integer not null, field integer not null, tx integer not null, value,
  primary key (kind, id, n, field, tx)
) without rowid;

-- Derived: what the search index in memory is made of, and the full text of notes and interactions.
create table hay (
  contact integer primary key, hidden integer not null, last integer, text text not null
) strict;
create virtual table words using fts5(text, content='', columnsize=0, tokenize='unicode61');
insert into words(words, rank) values ('secure-delete', 1);

-- What a book is: id, derived_version.
create table meta (key text primary key, value) without rowid;
-- Local: outside log and dump.
create table local_state (key text primary key, value) without rowid;
create table local_parked (tx integer not null, line integer not null, text text not null, primary key (tx, line)) without rowid;
