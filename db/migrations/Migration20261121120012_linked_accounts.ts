import { Migration } from '@mikro-orm/migrations';

export class Migration20261121120012_linked_accounts extends Migration {
  override name = 'Migration20261121120012_linked_accounts';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "linked_account" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "member_id" uuid not null, "provider" text not null, "subject" text not null, "display_name" text not null, "scopes" text[] not null default '{}', "sealed" text null, "tokens_expire_at" timestamptz(6) null, "needs_relink" boolean not null default false, primary key ("id"));`,
    );
    this.addSql(`create index "linked_account_member_id_index" on "linked_account" ("member_id");`);
    this.addSql(
      `alter table "linked_account" add constraint "linked_account_provider_subject_unique" unique ("provider", "subject");`,
    );

    this.addSql(
      `create table "second_factor" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "member_id" uuid not null, "sealed" text not null, "confirmed_at" timestamptz(6) null, "last_step" bigint not null default '0', "wrong_tries" int not null default 0, "wrong_since" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`alter table "second_factor" add constraint "second_factor_member_unique" unique ("member_id");`);

    this.addSql(
      `create table "sign_in_state" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "state_sha256" text not null, "browser_sha256" text not null, "provider" text not null, "redirect_uri" text not null, "purpose" text not null, "member_id" uuid null, "sealed" text not null, "expires_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`alter table "sign_in_state" add constraint "sign_in_state_sha256_unique" unique ("state_sha256");`);
    this.addSql(`create index "sign_in_state_member_id_index" on "sign_in_state" ("member_id");`);
    this.addSql(`create index "sign_in_state_expires_at_index" on "sign_in_state" ("expires_at");`);

    this.addSql(
      `alter table "linked_account" add constraint "linked_account_member_id_foreign" foreign key ("member_id") references "member" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "linked_account" add constraint "linked_account_provider_check" check ("provider" in ('discord', 'slack', 'google', 'telegram', 'spotify', 'tone3000'));`,
    );
    this.addSql(
      `create or replace function "linked_account_linked_account_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "linked_account_touch" BEFORE UPDATE on "linked_account" for each ROW execute function "linked_account_linked_account_touch_fn"();`,
    );

    this.addSql(
      `alter table "second_factor" add constraint "second_factor_member_id_foreign" foreign key ("member_id") references "member" ("id") on delete cascade;`,
    );
    this.addSql(
      `create or replace function "second_factor_second_factor_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "second_factor_touch" BEFORE UPDATE on "second_factor" for each ROW execute function "second_factor_second_factor_touch_fn"();`,
    );

    this.addSql(
      `alter table "sign_in_state" add constraint "sign_in_state_member_id_foreign" foreign key ("member_id") references "member" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "sign_in_state" add constraint "sign_in_state_sha256_check" check (state_sha256 ~ '^[0-9a-f]{64}\$');`,
    );
    this.addSql(
      `alter table "sign_in_state" add constraint "sign_in_state_browser_check" check (browser_sha256 ~ '^[0-9a-f]{64}\$');`,
    );
    this.addSql(
      `alter table "sign_in_state" add constraint "sign_in_state_purpose_check" check ("purpose" in ('sign-in', 'link', 'connect'));`,
    );
    this.addSql(
      `create or replace function "sign_in_state_sign_in_state_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "sign_in_state_touch" BEFORE UPDATE on "sign_in_state" for each ROW execute function "sign_in_state_sign_in_state_touch_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "linked_account_touch" on "linked_account";`);
    this.addSql(`drop function if exists "linked_account_linked_account_touch_fn"();`);
    this.addSql(`drop table if exists "linked_account" cascade;`);
    this.addSql(`drop trigger if exists "second_factor_touch" on "second_factor";`);
    this.addSql(`drop function if exists "second_factor_second_factor_touch_fn"();`);
    this.addSql(`drop table if exists "second_factor" cascade;`);
    this.addSql(`drop trigger if exists "sign_in_state_touch" on "sign_in_state";`);
    this.addSql(`drop function if exists "sign_in_state_sign_in_state_touch_fn"();`);
    this.addSql(`drop table if exists "sign_in_state" cascade;`);
  }
}
