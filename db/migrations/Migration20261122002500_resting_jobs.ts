import { Migration } from '@mikro-orm/migrations';

export class Migration20261122002500_resting_jobs extends Migration {
  override name = 'Migration20261122002500_resting_jobs';

  override up(): void | Promise<void> {
    this.addSql(`alter table "job" add "resting_at" timestamptz(6) null;`);
    // Since when an earlier job rests was not written down: its last change is close to it.
    this.addSql(`update "job" set "resting_at" = "updated_at" where "awaits_link" in ('result', 'late');`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "job" drop column "resting_at";`);
  }
}
