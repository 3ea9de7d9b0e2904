import { Migration } from '@mikro-orm/migrations';

export class Migration20261121170701_turns extends Migration {
  override name = 'Migration20261121170701_turns';

  override up(): void | Promise<void> {
    this.addSql(`alter table "inbound_event" add "asker" text null;`);
    this.addSql(`create index "inbound_event_started_at_index" on "inbound_event" ("started_at");`);

    this.addSql(`alter table "job" add "turn" text null;`);
    this.addSql(`create index "job_turn_index" on "job" ("requester_id") where turn is not null;`);
    this.addSql(`alter table "job" add constraint "job_turn_check" check ("turn" in ('now', 'later'));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "inbound_event_started_at_index";`);
    this.addSql(`alter table "inbound_event" drop column "asker";`);

    this.addSql(`drop index "job_turn_index";`);
    this.addSql(`alter table "job" drop constraint "job_turn_check";`);
    this.addSql(`alter table "job" drop column "turn";`);
  }
}
