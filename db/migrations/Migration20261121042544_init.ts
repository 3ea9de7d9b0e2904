import { Migration } from '@mikro-orm/migrations';

export class Migration20261121042544_init extends Migration {
  override name = 'Migration20261121042544_init';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "band" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "name" text not null, "retention_days" int null default 90, primary key ("id"));`,
    );

    this.addSql(
      `create table "artefact" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "band_id" uuid not null, "kind" text not null, "blob_key" text not null, "bytes" bigint not null, "sha256" text not null, "lineage" jsonb not null default '{}', "expires_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`create index "artefact_blob_key_index" on "artefact" ("blob_key");`);
    this.addSql(`create index "artefact_expires_at_index" on "artefact" ("expires_at");`);
    this.addSql(
      `alter table "artefact" add constraint "artefact_band_blob_key_unique" unique ("band_id", "blob_key");`,
    );

    this.addSql(
      `create table "doomed_blob" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "blob_key" text not null, "delete_after" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`alter table "doomed_blob" add constraint "doomed_blob_blob_key_unique" unique ("blob_key");`);
    this.addSql(`create index "doomed_blob_delete_after_index" on "doomed_blob" ("delete_after");`);

    this.addSql(
      `create table "inbound_event" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "platform" text not null, "bot_id" text not null, "event_key" text not null, "kind" text not null, "payload" jsonb not null, "state" text not null default 'accepted', "attempts" int not null default 0, "next_try_at" timestamptz(6) not null default now(), "started_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(
      `create index "inbound_event_waiting_index" on "inbound_event" ("next_try_at", "created_at") where state = 'accepted';`,
    );
    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_key_unique" unique ("platform", "bot_id", "event_key");`,
    );

    this.addSql(
      `create table "member" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "display_name" text not null, primary key ("id"));`,
    );

    this.addSql(
      `create table "chat_identity" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "member_id" uuid not null, "platform" text not null, "user_id" text not null, "display_name" text not null, primary key ("id"));`,
    );
    this.addSql(`create index "chat_identity_member_id_index" on "chat_identity" ("member_id");`);
    this.addSql(
      `alter table "chat_identity" add constraint "chat_identity_platform_user_unique" unique ("platform", "user_id");`,
    );

    this.addSql(
      `create table "membership" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "band_id" uuid not null, "member_id" uuid not null, primary key ("id"));`,
    );
    this.addSql(`create index "membership_member_id_index" on "membership" ("member_id");`);
    this.addSql(
      `alter table "membership" add constraint "membership_band_member_unique" unique ("band_id", "member_id");`,
    );

    this.addSql(
      `create table "recording" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "band_id" uuid not null, "sha256" text not null, "title" text not null, "duration_seconds" double precision not null, "canonical" jsonb not null, "working" jsonb not null, "canonical_artefact_id" uuid null, "working_artefact_id" uuid null, primary key ("id"));`,
    );
    this.addSql(`create index "recording_canonical_artefact_id_index" on "recording" ("canonical_artefact_id");`);
    this.addSql(`create index "recording_working_artefact_id_index" on "recording" ("working_artefact_id");`);
    this.addSql(`alter table "recording" add constraint "recording_band_sha256_unique" unique ("band_id", "sha256");`);

    this.addSql(
      `create table "separation" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "recording_id" uuid not null, "plan_key" text not null, "strategy" text not null, "quality" text not null, "null_depth_db" double precision null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "separation" add constraint "separation_recording_plan_key_unique" unique ("recording_id", "plan_key");`,
    );

    this.addSql(
      `create table "stem" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "separation_id" uuid not null, "name" text not null, "order" int not null, "is_residual" boolean not null, "pcm" jsonb not null, "waveform" jsonb not null, "loudness_lufs" double precision null, "peak_dbtp" double precision null, "gain_db" double precision null, "pcm_artefact_id" uuid not null, "waveform_artefact_id" uuid not null, primary key ("id"));`,
    );
    this.addSql(`create index "stem_pcm_artefact_id_index" on "stem" ("pcm_artefact_id");`);
    this.addSql(`create index "stem_waveform_artefact_id_index" on "stem" ("waveform_artefact_id");`);
    this.addSql(`alter table "stem" add constraint "stem_separation_name_unique" unique ("separation_id", "name");`);
    this.addSql(`alter table "stem" add constraint "stem_separation_order_unique" unique ("separation_id", "order");`);
    this.addSql(`create unique index "stem_one_residual_unique" on "stem" ("separation_id") where is_residual;`);

    this.addSql(
      `create table "surface" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "band_id" uuid not null, "platform" text not null, "bot_id" text not null, "chat_id" text not null, "thread_id" text not null default '', primary key ("id"));`,
    );
    this.addSql(`create index "surface_band_id_index" on "surface" ("band_id");`);
    this.addSql(
      `alter table "surface" add constraint "surface_place_unique" unique ("platform", "bot_id", "chat_id", "thread_id");`,
    );

    this.addSql(
      `create table "job" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "workflow_id" text not null, "code" text not null, "band_id" uuid not null, "requester_id" uuid not null, "surface_id" uuid not null, "inbound_event_id" uuid not null, "request" jsonb not null, "plan" jsonb null, "strategy" text not null, "quality" text not null, "recording_id" uuid null, "audio_seconds" double precision null, "state" text not null default 'queued', "stage" text null, "fraction" double precision not null default 0, "log" jsonb not null default '[]', "version" int not null default 1, "outcome" jsonb null, "started_at" timestamptz(6) null, "separating_at" timestamptz(6) null, "ended_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`alter table "job" add constraint "job_workflow_id_unique" unique ("workflow_id");`);
    this.addSql(`alter table "job" add constraint "job_code_unique" unique ("code");`);
    this.addSql(`create index "job_requester_id_index" on "job" ("requester_id");`);
    this.addSql(`create index "job_surface_id_index" on "job" ("surface_id");`);
    this.addSql(`create index "job_inbound_event_id_index" on "job" ("inbound_event_id");`);
    this.addSql(`create index "job_recording_id_index" on "job" ("recording_id");`);
    this.addSql(`create index "job_band_created_at_index" on "job" ("band_id", "created_at");`);
    this.addSql(`create index "job_unfinished_index" on "job" ("created_at") where state in ('queued', 'running');`);
    this.addSql(`create index "job_estimate_index" on "job" ("strategy", "quality", "ended_at") where state = 'done';`);

    this.addSql(
      `create table "delivery" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "job_id" uuid not null, "slot" text not null, "platform" text not null, "target" jsonb not null, "content_sha256" text not null, "nonce" text not null, "state" text not null default 'planned', "attempts" int not null default 0, "lease_until" timestamptz(6) null, "message_id" text null, "first_try_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(
      `create index "delivery_unsettled_index" on "delivery" ("first_try_at") where state in ('sending', 'ambiguous');`,
    );
    this.addSql(`alter table "delivery" add constraint "delivery_job_slot_unique" unique ("job_id", "slot");`);

    this.addSql(`alter table "band" add constraint "band_retention_days_check" check (retention_days > 0);`);
    this.addSql(
      `create or replace function "band_band_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "band_touch" BEFORE UPDATE on "band" for each ROW execute function "band_band_touch_fn"();`,
    );

    this.addSql(
      `alter table "artefact" add constraint "artefact_band_id_foreign" foreign key ("band_id") references "band" ("id") on delete cascade;`,
    );
    this.addSql(`alter table "artefact" add constraint "artefact_bytes_check" check (bytes >= 0);`);
    this.addSql(`alter table "artefact" add constraint "artefact_sha256_check" check (sha256 ~ '^[0-9a-f]{64}\$');`);
    this.addSql(
      `alter table "artefact" add constraint "artefact_kind_check" check ("kind" in ('source', 'canonical', 'working', 'stem', 'waveform', 'encoded', 'metadata'));`,
    );
    this.addSql(
      `create or replace function "artefact_artefact_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "artefact_touch" BEFORE UPDATE on "artefact" for each ROW execute function "artefact_artefact_touch_fn"();`,
    );

    this.addSql(
      `create or replace function "doomed_blob_doomed_blob_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "doomed_blob_touch" BEFORE UPDATE on "doomed_blob" for each ROW execute function "doomed_blob_doomed_blob_touch_fn"();`,
    );

    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_platform_check" check ("platform" in ('console', 'discord', 'slack', 'telegram'));`,
    );
    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_kind_check" check ("kind" in ('job', 'cancel'));`,
    );
    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_state_check" check ("state" in ('accepted', 'started'));`,
    );
    this.addSql(
      `create or replace function "inbound_event_inbound_event_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "inbound_event_touch" BEFORE UPDATE on "inbound_event" for each ROW execute function "inbound_event_inbound_event_touch_fn"();`,
    );

    this.addSql(
      `create or replace function "member_member_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "member_touch" BEFORE UPDATE on "member" for each ROW execute function "member_member_touch_fn"();`,
    );

    this.addSql(
      `alter table "chat_identity" add constraint "chat_identity_member_id_foreign" foreign key ("member_id") references "member" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "chat_identity" add constraint "chat_identity_platform_check" check ("platform" in ('console', 'discord', 'slack', 'telegram'));`,
    );
    this.addSql(
      `create or replace function "chat_identity_chat_identity_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "chat_identity_touch" BEFORE UPDATE on "chat_identity" for each ROW execute function "chat_identity_chat_identity_touch_fn"();`,
    );

    this.addSql(
      `alter table "membership" add constraint "membership_band_id_foreign" foreign key ("band_id") references "band" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "membership" add constraint "membership_member_id_foreign" foreign key ("member_id") references "member" ("id") on delete cascade;`,
    );
    this.addSql(
      `create or replace function "membership_membership_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "membership_touch" BEFORE UPDATE on "membership" for each ROW execute function "membership_membership_touch_fn"();`,
    );

    this.addSql(
      `alter table "recording" add constraint "recording_band_id_foreign" foreign key ("band_id") references "band" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "recording" add constraint "recording_canonical_artefact_id_foreign" foreign key ("canonical_artefact_id") references "artefact" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "recording" add constraint "recording_working_artefact_id_foreign" foreign key ("working_artefact_id") references "artefact" ("id") on delete set null;`,
    );
    this.addSql(`alter table "recording" add constraint "recording_sha256_check" check (sha256 ~ '^[0-9a-f]{64}\$');`);
    this.addSql(`alter table "recording" add constraint "recording_duration_check" check (duration_seconds >= '0');`);
    this.addSql(
      `create or replace function "recording_recording_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "recording_touch" BEFORE UPDATE on "recording" for each ROW execute function "recording_recording_touch_fn"();`,
    );

    this.addSql(
      `alter table "separation" add constraint "separation_recording_id_foreign" foreign key ("recording_id") references "recording" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "separation" add constraint "separation_quality_check" check ("quality" in ('fast', 'best'));`,
    );
    this.addSql(
      `create or replace function "separation_separation_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "separation_touch" BEFORE UPDATE on "separation" for each ROW execute function "separation_separation_touch_fn"();`,
    );

    this.addSql(
      `alter table "stem" add constraint "stem_separation_id_foreign" foreign key ("separation_id") references "separation" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "stem" add constraint "stem_pcm_artefact_id_foreign" foreign key ("pcm_artefact_id") references "artefact" ("id");`,
    );
    this.addSql(
      `alter table "stem" add constraint "stem_waveform_artefact_id_foreign" foreign key ("waveform_artefact_id") references "artefact" ("id");`,
    );
    this.addSql(
      `create or replace function "stem_stem_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "stem_touch" BEFORE UPDATE on "stem" for each ROW execute function "stem_stem_touch_fn"();`,
    );

    this.addSql(
      `alter table "surface" add constraint "surface_band_id_foreign" foreign key ("band_id") references "band" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "surface" add constraint "surface_platform_check" check ("platform" in ('console', 'discord', 'slack', 'telegram'));`,
    );
    this.addSql(
      `create or replace function "surface_surface_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "surface_touch" BEFORE UPDATE on "surface" for each ROW execute function "surface_surface_touch_fn"();`,
    );

    this.addSql(
      `alter table "job" add constraint "job_band_id_foreign" foreign key ("band_id") references "band" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "job" add constraint "job_requester_id_foreign" foreign key ("requester_id") references "chat_identity" ("id");`,
    );
    this.addSql(
      `alter table "job" add constraint "job_surface_id_foreign" foreign key ("surface_id") references "surface" ("id");`,
    );
    this.addSql(
      `alter table "job" add constraint "job_inbound_event_id_foreign" foreign key ("inbound_event_id") references "inbound_event" ("id");`,
    );
    this.addSql(
      `alter table "job" add constraint "job_recording_id_foreign" foreign key ("recording_id") references "recording" ("id") on delete set null;`,
    );
    this.addSql(`alter table "job" add constraint "job_fraction_check" check (fraction >= '0' and fraction <= '1');`);
    this.addSql(
      `alter table "job" add constraint "job_outcome_check" check ((state in ('queued', 'running')) = (outcome is null) and (outcome is null) = (ended_at is null) and (outcome is null or outcome ->> 'state' = state));`,
    );
    this.addSql(`alter table "job" add constraint "job_quality_check" check ("quality" in ('fast', 'best'));`);
    this.addSql(
      `alter table "job" add constraint "job_state_check" check ("state" in ('queued', 'running', 'done', 'refused', 'failed', 'cancelled'));`,
    );
    this.addSql(
      `alter table "job" add constraint "job_stage_check" check ("stage" in ('receive', 'read', 'separate', 'measure', 'encode', 'deliver'));`,
    );
    this.addSql(
      `create or replace function "job_job_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "job_touch" BEFORE UPDATE on "job" for each ROW execute function "job_job_touch_fn"();`,
    );

    this.addSql(
      `alter table "delivery" add constraint "delivery_job_id_foreign" foreign key ("job_id") references "job" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "delivery" add constraint "delivery_sent_check" check (state <> 'sent' or message_id is not null);`,
    );
    this.addSql(
      `alter table "delivery" add constraint "delivery_lease_check" check ((state = 'sending') = (lease_until is not null));`,
    );
    this.addSql(
      `alter table "delivery" add constraint "delivery_platform_check" check ("platform" in ('console', 'discord', 'slack', 'telegram'));`,
    );
    this.addSql(
      `alter table "delivery" add constraint "delivery_state_check" check ("state" in ('planned', 'sending', 'sent', 'ambiguous', 'gone'));`,
    );
    this.addSql(
      `create or replace function "delivery_delivery_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "delivery_touch" BEFORE UPDATE on "delivery" for each ROW execute function "delivery_delivery_touch_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "artefact" drop constraint "artefact_band_id_foreign";`);
    this.addSql(`alter table "membership" drop constraint "membership_band_id_foreign";`);
    this.addSql(`alter table "recording" drop constraint "recording_band_id_foreign";`);
    this.addSql(`alter table "surface" drop constraint "surface_band_id_foreign";`);
    this.addSql(`alter table "job" drop constraint "job_band_id_foreign";`);
    this.addSql(`alter table "recording" drop constraint "recording_canonical_artefact_id_foreign";`);
    this.addSql(`alter table "recording" drop constraint "recording_working_artefact_id_foreign";`);
    this.addSql(`alter table "stem" drop constraint "stem_pcm_artefact_id_foreign";`);
    this.addSql(`alter table "stem" drop constraint "stem_waveform_artefact_id_foreign";`);
    this.addSql(`alter table "job" drop constraint "job_inbound_event_id_foreign";`);
    this.addSql(`alter table "chat_identity" drop constraint "chat_identity_member_id_foreign";`);
    this.addSql(`alter table "membership" drop constraint "membership_member_id_foreign";`);
    this.addSql(`alter table "job" drop constraint "job_requester_id_foreign";`);
    this.addSql(`alter table "separation" drop constraint "separation_recording_id_foreign";`);
    this.addSql(`alter table "job" drop constraint "job_recording_id_foreign";`);
    this.addSql(`alter table "stem" drop constraint "stem_separation_id_foreign";`);
    this.addSql(`alter table "job" drop constraint "job_surface_id_foreign";`);
    this.addSql(`alter table "delivery" drop constraint "delivery_job_id_foreign";`);

    this.addSql(`drop trigger if exists "band_touch" on "band";`);
    this.addSql(`drop function if exists "band_band_touch_fn"();`);
    this.addSql(`drop table if exists "band" cascade;`);
    this.addSql(`drop trigger if exists "artefact_touch" on "artefact";`);
    this.addSql(`drop function if exists "artefact_artefact_touch_fn"();`);
    this.addSql(`drop table if exists "artefact" cascade;`);
    this.addSql(`drop trigger if exists "doomed_blob_touch" on "doomed_blob";`);
    this.addSql(`drop function if exists "doomed_blob_doomed_blob_touch_fn"();`);
    this.addSql(`drop table if exists "doomed_blob" cascade;`);
    this.addSql(`drop trigger if exists "inbound_event_touch" on "inbound_event";`);
    this.addSql(`drop function if exists "inbound_event_inbound_event_touch_fn"();`);
    this.addSql(`drop table if exists "inbound_event" cascade;`);
    this.addSql(`drop trigger if exists "member_touch" on "member";`);
    this.addSql(`drop function if exists "member_member_touch_fn"();`);
    this.addSql(`drop table if exists "member" cascade;`);
    this.addSql(`drop trigger if exists "chat_identity_touch" on "chat_identity";`);
    this.addSql(`drop function if exists "chat_identity_chat_identity_touch_fn"();`);
    this.addSql(`drop table if exists "chat_identity" cascade;`);
    this.addSql(`drop trigger if exists "membership_touch" on "membership";`);
    this.addSql(`drop function if exists "membership_membership_touch_fn"();`);
    this.addSql(`drop table if exists "membership" cascade;`);
    this.addSql(`drop trigger if exists "recording_touch" on "recording";`);
    this.addSql(`drop function if exists "recording_recording_touch_fn"();`);
    this.addSql(`drop table if exists "recording" cascade;`);
    this.addSql(`drop trigger if exists "separation_touch" on "separation";`);
    this.addSql(`drop function if exists "separation_separation_touch_fn"();`);
    this.addSql(`drop table if exists "separation" cascade;`);
    this.addSql(`drop trigger if exists "stem_touch" on "stem";`);
    this.addSql(`drop function if exists "stem_stem_touch_fn"();`);
    this.addSql(`drop table if exists "stem" cascade;`);
    this.addSql(`drop trigger if exists "surface_touch" on "surface";`);
    this.addSql(`drop function if exists "surface_surface_touch_fn"();`);
    this.addSql(`drop table if exists "surface" cascade;`);
    this.addSql(`drop trigger if exists "job_touch" on "job";`);
    this.addSql(`drop function if exists "job_job_touch_fn"();`);
    this.addSql(`drop table if exists "job" cascade;`);
    this.addSql(`drop trigger if exists "delivery_touch" on "delivery";`);
    this.addSql(`drop function if exists "delivery_delivery_touch_fn"();`);
    this.addSql(`drop table if exists "delivery" cascade;`);
  }
}
