-- Version 2: what other systems' records bring. Which system knows the record by which id, the values of its last
-- import, what has no field, and whom it is about that was not found yet.

alter table interaction add column "system" text;
alter table interaction add column "base" text;
alter table interaction add column "extras" text;
alter table interaction add column "waiting" text;

alter table task add column "external_id" text;
alter table task add column "system" text;
alter table task add column "base" text;
alter table task add column "extras" text;
alter table task add column "waiting" text;

alter table deal add column "external_id" text;
alter table deal add column "system" text;
alter table deal add column "base" text;
alter table deal add column "extras" text;
alter table deal add column "waiting" text;

alter table project add column "external_id" text;
alter table project add column "system" text;
alter table project add column "base" text;
alter table project add column "extras" text;
alter table project add column "waiting" text;

create index interaction_external on interaction(system, external_id) where system is not null;
create index task_external on task(system, external_id) where system is not null;
create index deal_external on deal(system, external_id) where system is not null;
create index project_external on project(system, external_id) where system is not null;
create index interaction_waiting on interaction(id) where waiting is not null;
create index task_waiting on task(id) where waiting is not null;
create index deal_waiting on deal(id) where waiting is not null;
create index project_waiting on project(id) where waiting is not null;
create index deal_company on deal(company) where company is not null;
create index member_deal on member(deal) where deal is not null;
