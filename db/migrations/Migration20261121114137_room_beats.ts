import { Migration } from '@mikro-orm/migrations';

export class Migration20261121114137_room_beats extends Migration {
  override name = 'Migration20261121114137_room_beats';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "room_beat" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "room" text not null, "is_connected" boolean not null, "beat_at" timestamptz(6) not null default now(), primary key ("id"));`,
    );
    this.addSql(`alter table "room_beat" add constraint "room_beat_room_unique" unique ("room");`);

    this.addSql(
      `create or replace function "room_beat_room_beat_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "room_beat_touch" BEFORE UPDATE on "room_beat" for each ROW execute function "room_beat_room_beat_touch_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "room_beat_touch" on "room_beat";`);
    this.addSql(`drop function if exists "room_beat_room_beat_touch_fn"();`);
    this.addSql(`drop table if exists "room_beat" cascade;`);
  }
}
