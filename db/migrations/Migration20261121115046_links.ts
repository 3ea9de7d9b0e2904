import { Migration } from '@mikro-orm/migrations';

export class Migration20261121115046_links extends Migration {
  override name = 'Migration20261121115046_links';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "link_token" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "token_sha256" text not null, "identity_id" uuid not null, "expires_at" timestamptz(6) not null, "used_by" uuid null, primary key ("id"));`,
    );
    this.addSql(`alter table "link_token" add constraint "link_token_sha256_unique" unique ("token_sha256");`);
    this.addSql(`create index "link_token_identity_id_index" on "link_token" ("identity_id");`);

    this.addSql(
      `create table "link_code" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "identity_id" uuid not null, "member_id" uuid not null, "code_sha256" text not null, "expires_at" timestamptz(6) not null, "wrong_tries" int not null default 0, "used_by" uuid null, primary key ("id"));`,
    );
    this.addSql(`alter table "link_code" add constraint "link_code_identity_unique" unique ("identity_id");`);
    this.addSql(`create index "link_code_member_id_index" on "link_code" ("member_id");`);

    this.addSql(`alter table "chat_identity" add "linked_at" timestamptz(6) null;`);

    this.addSql(
      `alter table "link_token" add constraint "link_token_identity_id_foreign" foreign key ("identity_id") references "chat_identity" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "link_token" add constraint "link_token_sha256_check" check (token_sha256 ~ '^[0-9a-f]{64}\$');`,
    );
    this.addSql(
      `create or replace function "link_token_link_token_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "link_token_touch" BEFORE UPDATE on "link_token" for each ROW execute function "link_token_link_token_touch_fn"();`,
    );

    this.addSql(
      `alter table "link_code" add constraint "link_code_identity_id_foreign" foreign key ("identity_id") references "chat_identity" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "link_code" add constraint "link_code_member_id_foreign" foreign key ("member_id") references "member" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "link_code" add constraint "link_code_sha256_check" check (code_sha256 ~ '^[0-9a-f]{64}\$');`,
    );
    this.addSql(
      `create or replace function "link_code_link_code_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "link_code_touch" BEFORE UPDATE on "link_code" for each ROW execute function "link_code_link_code_touch_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "link_token_touch" on "link_token";`);
    this.addSql(`drop function if exists "link_token_link_token_touch_fn"();`);
    this.addSql(`drop table if exists "link_token" cascade;`);
    this.addSql(`drop trigger if exists "link_code_touch" on "link_code";`);
    this.addSql(`drop function if exists "link_code_link_code_touch_fn"();`);
    this.addSql(`drop table if exists "link_code" cascade;`);

    this.addSql(`alter table "chat_identity" drop column "linked_at";`);
  }
}
