import { Migration } from '@mikro-orm/migrations';

export class Migration20261121092800_one_home_wrong_codes extends Migration {
  override name = 'Migration20261121092800_one_home_wrong_codes';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "chat_identity" add "wrong_codes" int not null default 0, add "wrong_codes_since" timestamptz(6) null;`,
    );
    // Where a chat had several, the one that spoke first stays.
    this.addSql(
      `update "surface" set "is_home" = false where "is_home" and "id" not in (select distinct on ("platform", "bot_id", "chat_id") "id" from "surface" where "is_home" order by "platform", "bot_id", "chat_id", "created_at");`,
    );
    this.addSql(
      `create unique index "surface_home_unique" on "surface" ("platform", "bot_id", "chat_id") where is_home;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "surface_home_unique";`);
    this.addSql(`alter table "chat_identity" drop column "wrong_codes", drop column "wrong_codes_since";`);
  }
}
