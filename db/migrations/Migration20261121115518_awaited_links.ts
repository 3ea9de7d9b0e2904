import { Migration } from '@mikro-orm/migrations';

export class Migration20261121115518_awaited_links extends Migration {
  override name = 'Migration20261121115518_awaited_links';

  override up(): void | Promise<void> {
    this.addSql(`alter table "band" add "invite_only" boolean not null default false;`);

    this.addSql(`alter table "membership" add "by_code" boolean not null default false;`);

    this.addSql(`alter table "job" add "awaits_link" text null, add "link_ends_at" timestamptz(6) null;`);
    this.addSql(`create index "job_awaits_link_index" on "job" ("requester_id") where awaits_link is not null;`);
    this.addSql(
      `alter table "job" add constraint "job_awaits_link_check" check ("awaits_link" in ('work', 'result', 'late'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "band" drop column "invite_only";`);

    this.addSql(`drop index "job_awaits_link_index";`);
    this.addSql(`alter table "job" drop constraint "job_awaits_link_check";`);
    this.addSql(`alter table "job" drop column "awaits_link", drop column "link_ends_at";`);

    this.addSql(`alter table "membership" drop column "by_code";`);
  }
}
