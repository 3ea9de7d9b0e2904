import { Migration } from '@mikro-orm/migrations';

export class Migration20261121083311_bands_shares_places extends Migration {
  override name = 'Migration20261121083311_bands_shares_places';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "band_invite" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "band_id" uuid not null, "code_sha256" text not null, "expires_at" timestamptz(6) not null, "used_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`create index "band_invite_band_id_index" on "band_invite" ("band_id");`);
    this.addSql(`alter table "band_invite" add constraint "band_invite_code_unique" unique ("code_sha256");`);

    this.addSql(
      `create table "command_count" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "platform" text not null, "user_id" text not null, "minute" timestamptz(6) not null, "count" int not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "command_count" add constraint "command_count_person_minute_unique" unique ("platform", "user_id", "minute");`,
    );

    this.addSql(
      `create table "held_event" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "platform" text not null, "bot_id" text not null, "event_key" text not null, "group_key" text not null, "item" jsonb not null, primary key ("id"));`,
    );
    this.addSql(`create index "held_event_group_index" on "held_event" ("platform", "bot_id", "group_key");`);
    this.addSql(
      `alter table "held_event" add constraint "held_event_key_unique" unique ("platform", "bot_id", "event_key");`,
    );

    this.addSql(
      `create table "slack_installation" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "workspace" text not null, "sealed" text not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "slack_installation" add constraint "slack_installation_workspace_unique" unique ("workspace");`,
    );

    this.addSql(
      `create table "share_use" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "job_id" uuid not null, "member_id" uuid not null, "band_id" uuid not null, "kind" text not null, "amount" double precision not null, "given_back_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`create index "share_use_member_index" on "share_use" ("member_id", "kind", "created_at");`);
    this.addSql(`create index "share_use_band_index" on "share_use" ("band_id", "kind", "created_at");`);
    this.addSql(`alter table "share_use" add constraint "share_use_job_kind_unique" unique ("job_id", "kind");`);

    this.addSql(
      `alter table "band" add "strategy" text null, add "quality" text null, add "format" text null, add "language" text null;`,
    );
    this.addSql(`alter table "band" add constraint "band_quality_check" check ("quality" in ('fast', 'best'));`);
    this.addSql(
      `alter table "band" add constraint "band_format_check" check ("format" in ('wav', 'flac', 'opus', 'mp3'));`,
    );
    this.addSql(`alter table "band" add constraint "band_language_check" check ("language" in ('en', 'de', 'es'));`);

    this.addSql(`alter table "inbound_event" drop constraint "inbound_event_kind_check";`);
    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_kind_check" check ("kind" in ('job', 'jobs', 'cancel'));`,
    );

    this.addSql(`alter table "membership" add "role" text not null default 'member';`);
    this.addSql(
      `alter table "membership" add constraint "membership_role_check" check ("role" in ('owner', 'member'));`,
    );

    this.addSql(
      `alter table "surface" add "is_home" boolean not null default false, add "file_limit_bytes" double precision null;`,
    );
    this.addSql(
      `update "surface" set "is_home" = true where "id" in (select distinct on ("platform", "bot_id", "chat_id") "id" from "surface" order by "platform", "bot_id", "chat_id", "created_at");`,
    );

    this.addSql(`alter table "delivery" drop constraint "delivery_job_slot_unique";`);
    // What was delivered before was delivered where it was asked for.
    this.addSql(`alter table "delivery" add "surface_id" uuid null;`);
    this.addSql(
      `update "delivery" set "surface_id" = "job"."surface_id" from "job" where "job"."id" = "delivery"."job_id";`,
    );
    this.addSql(`alter table "delivery" alter column "surface_id" set not null;`);
    this.addSql(
      `alter table "delivery" add constraint "delivery_surface_id_foreign" foreign key ("surface_id") references "surface" ("id") on delete cascade;`,
    );
    this.addSql(`create index "delivery_surface_id_index" on "delivery" ("surface_id");`);
    this.addSql(
      `alter table "delivery" add constraint "delivery_job_surface_slot_unique" unique ("job_id", "surface_id", "slot");`,
    );

    this.addSql(
      `alter table "band_invite" add constraint "band_invite_band_id_foreign" foreign key ("band_id") references "band" ("id") on delete cascade;`,
    );
    this.addSql(
      `create or replace function "band_invite_band_invite_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "band_invite_touch" BEFORE UPDATE on "band_invite" for each ROW execute function "band_invite_band_invite_touch_fn"();`,
    );

    this.addSql(
      `alter table "command_count" add constraint "command_count_platform_check" check ("platform" in ('console', 'discord', 'slack', 'telegram'));`,
    );
    this.addSql(
      `create or replace function "command_count_command_count_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "command_count_touch" BEFORE UPDATE on "command_count" for each ROW execute function "command_count_command_count_touch_fn"();`,
    );

    this.addSql(
      `alter table "held_event" add constraint "held_event_platform_check" check ("platform" in ('console', 'discord', 'slack', 'telegram'));`,
    );
    this.addSql(
      `create or replace function "held_event_held_event_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "held_event_touch" BEFORE UPDATE on "held_event" for each ROW execute function "held_event_held_event_touch_fn"();`,
    );

    this.addSql(
      `create or replace function "slack_installation_slack_installation_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "slack_installation_touch" BEFORE UPDATE on "slack_installation" for each ROW execute function "slack_installation_slack_installation_touch_fn"();`,
    );

    this.addSql(
      `alter table "share_use" add constraint "share_use_job_id_foreign" foreign key ("job_id") references "job" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "share_use" add constraint "share_use_member_id_foreign" foreign key ("member_id") references "member" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "share_use" add constraint "share_use_band_id_foreign" foreign key ("band_id") references "band" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "share_use" add constraint "share_use_kind_check" check ("kind" in ('job', 'audio', 'bytes'));`,
    );
    this.addSql(
      `create or replace function "share_use_share_use_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "share_use_touch" BEFORE UPDATE on "share_use" for each ROW execute function "share_use_share_use_touch_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "band_invite_touch" on "band_invite";`);
    this.addSql(`drop function if exists "band_invite_band_invite_touch_fn"();`);
    this.addSql(`drop table if exists "band_invite" cascade;`);
    this.addSql(`drop trigger if exists "command_count_touch" on "command_count";`);
    this.addSql(`drop function if exists "command_count_command_count_touch_fn"();`);
    this.addSql(`drop table if exists "command_count" cascade;`);
    this.addSql(`drop trigger if exists "held_event_touch" on "held_event";`);
    this.addSql(`drop function if exists "held_event_held_event_touch_fn"();`);
    this.addSql(`drop table if exists "held_event" cascade;`);
    this.addSql(`drop trigger if exists "slack_installation_touch" on "slack_installation";`);
    this.addSql(`drop function if exists "slack_installation_slack_installation_touch_fn"();`);
    this.addSql(`drop table if exists "slack_installation" cascade;`);
    this.addSql(`drop trigger if exists "share_use_touch" on "share_use";`);
    this.addSql(`drop function if exists "share_use_share_use_touch_fn"();`);
    this.addSql(`drop table if exists "share_use" cascade;`);

    this.addSql(`alter table "delivery" drop constraint "delivery_surface_id_foreign";`);

    this.addSql(`alter table "band" drop constraint "band_quality_check";`);
    this.addSql(`alter table "band" drop constraint "band_format_check";`);
    this.addSql(`alter table "band" drop constraint "band_language_check";`);
    this.addSql(
      `alter table "band" drop column "strategy", drop column "quality", drop column "format", drop column "language";`,
    );

    this.addSql(`drop index "delivery_surface_id_index";`);
    this.addSql(`alter table "delivery" drop constraint "delivery_job_surface_slot_unique";`);
    this.addSql(`alter table "delivery" drop column "surface_id";`);
    this.addSql(`alter table "delivery" add constraint "delivery_job_slot_unique" unique ("job_id", "slot");`);

    this.addSql(`alter table "inbound_event" drop constraint "inbound_event_kind_check";`);
    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_kind_check" check ("kind" in ('job', 'cancel'));`,
    );

    this.addSql(`alter table "membership" drop constraint "membership_role_check";`);
    this.addSql(`alter table "membership" drop column "role";`);

    this.addSql(`alter table "surface" drop column "is_home", drop column "file_limit_bytes";`);
  }
}
