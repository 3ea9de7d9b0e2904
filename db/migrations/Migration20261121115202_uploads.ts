import { Migration } from '@mikro-orm/migrations';

export class Migration20261121115202_uploads extends Migration {
  override name = 'Migration20261121115202_uploads';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "upload_ticket" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "token_hash" text not null, "platform" text not null, "bot_id" text not null, "event_key" text not null, "job_order" jsonb not null, "expires_at" timestamptz(6) not null, "state" text not null default 'open', "file_name" text null, "size_bytes" bigint null, "offset_bytes" bigint not null default '0', primary key ("id"));`,
    );
    this.addSql(`alter table "upload_ticket" add constraint "upload_ticket_token_hash_unique" unique ("token_hash");`);
    this.addSql(`create index "upload_ticket_whole_index" on "upload_ticket" ("created_at") where state = 'whole';`);
    this.addSql(
      `alter table "upload_ticket" add constraint "upload_ticket_asked_unique" unique ("platform", "bot_id", "event_key");`,
    );

    this.addSql(
      `alter table "upload_ticket" add constraint "upload_ticket_token_hash_check" check (token_hash ~ '^[0-9a-f]{64}\$');`,
    );
    this.addSql(
      `alter table "upload_ticket" add constraint "upload_ticket_offset_check" check (offset_bytes >= 0 and offset_bytes <= coalesce(size_bytes, 0));`,
    );
    this.addSql(
      `alter table "upload_ticket" add constraint "upload_ticket_platform_check" check ("platform" in ('console', 'discord', 'slack', 'telegram'));`,
    );
    this.addSql(
      `alter table "upload_ticket" add constraint "upload_ticket_state_check" check ("state" in ('open', 'whole', 'started'));`,
    );
    this.addSql(
      `create or replace function "upload_ticket_upload_ticket_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "upload_ticket_touch" BEFORE UPDATE on "upload_ticket" for each ROW execute function "upload_ticket_upload_ticket_touch_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "upload_ticket_touch" on "upload_ticket";`);
    this.addSql(`drop function if exists "upload_ticket_upload_ticket_touch_fn"();`);
    this.addSql(`drop table if exists "upload_ticket" cascade;`);
  }
}
