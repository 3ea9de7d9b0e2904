import { Migration } from '@mikro-orm/migrations';

export class Migration20261121144404_sheets extends Migration {
  override name = 'Migration20261121144404_sheets';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "sheet" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "recording_id" uuid not null, "kind" text not null, "version" int not null, "parameters" jsonb not null, "made" jsonb not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "sheet" add constraint "sheet_recording_made_of_unique" unique ("recording_id", "kind", "version", "parameters");`,
    );

    this.addSql(
      `create table "song_fact" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "recording_id" uuid not null, "name" text not null, "value" jsonb not null, "stated_by_id" uuid not null, primary key ("id"));`,
    );
    this.addSql(`create index "song_fact_stated_by_id_index" on "song_fact" ("stated_by_id");`);
    this.addSql(
      `alter table "song_fact" add constraint "song_fact_recording_name_unique" unique ("recording_id", "name");`,
    );

    this.addSql(`alter table "artefact" drop constraint "artefact_kind_check";`);
    this.addSql(
      `alter table "artefact" add constraint "artefact_kind_check" check ("kind" in ('source', 'canonical', 'working', 'stem', 'waveform', 'encoded', 'metadata', 'player', 'sheet'));`,
    );

    this.addSql(`alter table "job" drop constraint "job_stage_check";`);
    this.addSql(`alter table "job" alter column "strategy" drop not null;`);
    this.addSql(`alter table "job" alter column "quality" drop not null;`);
    this.addSql(
      `alter table "job" add constraint "job_strategy_check" check ((strategy is null) = (quality is null));`,
    );
    this.addSql(
      `alter table "job" add constraint "job_stage_check" check ("stage" in ('receive', 'read', 'separate', 'measure', 'listen', 'encode', 'deliver'));`,
    );

    this.addSql(
      `alter table "sheet" add constraint "sheet_recording_id_foreign" foreign key ("recording_id") references "recording" ("id") on delete cascade;`,
    );
    this.addSql(`alter table "sheet" add constraint "sheet_kind_check" check ("kind" in ('analysis'));`);
    this.addSql(
      `create or replace function "sheet_sheet_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "sheet_touch" BEFORE UPDATE on "sheet" for each ROW execute function "sheet_sheet_touch_fn"();`,
    );

    this.addSql(
      `alter table "song_fact" add constraint "song_fact_recording_id_foreign" foreign key ("recording_id") references "recording" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "song_fact" add constraint "song_fact_stated_by_id_foreign" foreign key ("stated_by_id") references "chat_identity" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "song_fact" add constraint "song_fact_name_check" check ("name" in ('tempoFactor', 'tempoBpm', 'downbeatSeconds', 'beatsPerBar', 'key'));`,
    );
    this.addSql(
      `create or replace function "song_fact_song_fact_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "song_fact_touch" BEFORE UPDATE on "song_fact" for each ROW execute function "song_fact_song_fact_touch_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "sheet_touch" on "sheet";`);
    this.addSql(`drop function if exists "sheet_sheet_touch_fn"();`);
    this.addSql(`drop table if exists "sheet" cascade;`);
    this.addSql(`drop trigger if exists "song_fact_touch" on "song_fact";`);
    this.addSql(`drop function if exists "song_fact_song_fact_touch_fn"();`);
    this.addSql(`drop table if exists "song_fact" cascade;`);

    this.addSql(`alter table "artefact" drop constraint "artefact_kind_check";`);
    this.addSql(
      `alter table "artefact" add constraint "artefact_kind_check" check ("kind" in ('source', 'canonical', 'working', 'stem', 'waveform', 'encoded', 'metadata', 'player'));`,
    );

    this.addSql(`alter table "job" drop constraint "job_strategy_check";`);
    this.addSql(`alter table "job" drop constraint "job_stage_check";`);
    this.addSql(`alter table "job" alter column "strategy" set not null;`);
    this.addSql(`alter table "job" alter column "quality" set not null;`);
    this.addSql(
      `alter table "job" add constraint "job_stage_check" check ("stage" in ('receive', 'read', 'separate', 'measure', 'encode', 'deliver'));`,
    );
  }
}
