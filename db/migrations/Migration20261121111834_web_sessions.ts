import { Migration } from '@mikro-orm/migrations';

export class Migration20261121111834_web_sessions extends Migration {
  override name = 'Migration20261121111834_web_sessions';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_event" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "kind" text not null, "member_id" uuid null, "band_id" uuid null, "facts" jsonb not null default '{}', primary key ("id"));`,
    );
    this.addSql(`create index "audit_event_member_id_index" on "audit_event" ("member_id");`);
    this.addSql(`create index "audit_event_band_id_index" on "audit_event" ("band_id");`);
    this.addSql(`create index "audit_event_created_at_index" on "audit_event" ("created_at");`);

    this.addSql(
      `create table "web_session" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "id_hash" text not null, "member_id" uuid not null, "expires_at" timestamptz(6) not null, "ends_at" timestamptz(6) not null, "second_factor_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`alter table "web_session" add constraint "web_session_id_hash_unique" unique ("id_hash");`);
    this.addSql(`create index "web_session_member_id_index" on "web_session" ("member_id");`);
    this.addSql(`create index "web_session_expires_at_index" on "web_session" ("expires_at");`);

    this.addSql(
      `alter table "audit_event" add constraint "audit_event_member_id_foreign" foreign key ("member_id") references "member" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "audit_event" add constraint "audit_event_band_id_foreign" foreign key ("band_id") references "band" ("id") on delete set null;`,
    );
    this.addSql(
      `create or replace function "audit_event_audit_event_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "audit_event_touch" BEFORE UPDATE on "audit_event" for each ROW execute function "audit_event_audit_event_touch_fn"();`,
    );

    this.addSql(
      `alter table "web_session" add constraint "web_session_member_id_foreign" foreign key ("member_id") references "member" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "web_session" add constraint "web_session_id_hash_check" check (id_hash ~ '^[0-9a-f]{64}\$');`,
    );
    this.addSql(
      `create or replace function "web_session_web_session_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "web_session_touch" BEFORE UPDATE on "web_session" for each ROW execute function "web_session_web_session_touch_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "audit_event_touch" on "audit_event";`);
    this.addSql(`drop function if exists "audit_event_audit_event_touch_fn"();`);
    this.addSql(`drop table if exists "audit_event" cascade;`);
    this.addSql(`drop trigger if exists "web_session_touch" on "web_session";`);
    this.addSql(`drop function if exists "web_session_web_session_touch_fn"();`);
    this.addSql(`drop table if exists "web_session" cascade;`);
  }
}
