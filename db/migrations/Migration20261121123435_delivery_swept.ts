import { Migration } from '@mikro-orm/migrations';

export class Migration20261121123435_delivery_swept extends Migration {
  override name = 'Migration20261121123435_delivery_swept';

  override up(): void | Promise<void> {
    this.addSql(`alter table "delivery" add "swept_at" timestamptz(6) null;`);
    this.addSql(
      `create index "delivery_unswept_index" on "delivery" ("first_try_at") where attempts > 1 and swept_at is null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "delivery_unswept_index";`);
    this.addSql(`alter table "delivery" drop column "swept_at";`);
  }
}
