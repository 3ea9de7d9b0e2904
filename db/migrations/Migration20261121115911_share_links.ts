import { Migration } from '@mikro-orm/migrations';

export class Migration20261121115911_share_links extends Migration {
  override name = 'Migration20261121115911_share_links';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "share_link" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "token_hash" text not null, "recording_id" uuid not null, "made_by_id" uuid null, "shows_title" boolean not null default false, "ends_at" timestamptz(6) null, "revoked_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`alter table "share_link" add constraint "share_link_token_hash_unique" unique ("token_hash");`);
    this.addSql(`create index "share_link_recording_id_index" on "share_link" ("recording_id");`);
    this.addSql(`create index "share_link_made_by_id_index" on "share_link" ("made_by_id");`);

    this.addSql(`create index artefact_recording_index on artefact (band_id, (lineage ->> 'recordingSha256'));`);

    this.addSql(`create index "recording_band_created_at_index" on "recording" ("band_id", "created_at");`);

    this.addSql(
      `alter table "share_link" add constraint "share_link_recording_id_foreign" foreign key ("recording_id") references "recording" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "share_link" add constraint "share_link_made_by_id_foreign" foreign key ("made_by_id") references "member" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "share_link" add constraint "share_link_token_hash_check" check (token_hash ~ '^[0-9a-f]{64}\$');`,
    );
    this.addSql(
      `create or replace function "share_link_share_link_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "share_link_touch" BEFORE UPDATE on "share_link" for each ROW execute function "share_link_share_link_touch_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "share_link_touch" on "share_link";`);
    this.addSql(`drop function if exists "share_link_share_link_touch_fn"();`);
    this.addSql(`drop table if exists "share_link" cascade;`);

    this.addSql(`drop index "artefact_recording_index";`);

    this.addSql(`drop index "recording_band_created_at_index";`);
  }
}
