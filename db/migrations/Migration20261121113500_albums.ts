import { Migration } from '@mikro-orm/migrations';

export class Migration20261121113500_albums extends Migration {
  override name = 'Migration20261121113500_albums';

  override up(): void | Promise<void> {
    this.addSql(`alter table "delivery" add "sent_files" jsonb not null default '[]';`);
    this.addSql(`alter table "inbound_event" drop constraint "inbound_event_kind_check";`);
    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_kind_check" check ("kind" in ('job', 'jobs', 'cancel', 'album'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`delete from "inbound_event" where "kind" = 'album';`);
    this.addSql(`alter table "inbound_event" drop constraint "inbound_event_kind_check";`);
    this.addSql(
      `alter table "inbound_event" add constraint "inbound_event_kind_check" check ("kind" in ('job', 'jobs', 'cancel'));`,
    );
    this.addSql(`alter table "delivery" drop column "sent_files";`);
  }
}
