import { Migration } from '@mikro-orm/migrations';

export class Migration20261121115132_renderings extends Migration {
  override name = 'Migration20261121115132_renderings';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "rendering" ("id" uuid not null default gen_random_uuid(), "created_at" timestamptz(6) not null default now(), "updated_at" timestamptz(6) not null default now(), "separation_id" uuid not null, "recipe_key" text not null, "recipe" jsonb not null, "fraction" double precision not null default 0, "blob" jsonb null, "artefact_id" uuid null, "failure" text null, primary key ("id"));`,
    );
    this.addSql(`create index "rendering_artefact_id_index" on "rendering" ("artefact_id");`);
    this.addSql(
      `alter table "rendering" add constraint "rendering_separation_recipe_key_unique" unique ("separation_id", "recipe_key");`,
    );

    this.addSql(`alter table "artefact" drop constraint "artefact_kind_check";`);
    this.addSql(
      `alter table "artefact" add constraint "artefact_kind_check" check ("kind" in ('source', 'canonical', 'working', 'stem', 'waveform', 'encoded', 'metadata', 'player'));`,
    );

    this.addSql(
      `alter table "rendering" add constraint "rendering_separation_id_foreign" foreign key ("separation_id") references "separation" ("id") on delete cascade;`,
    );
    this.addSql(
      `alter table "rendering" add constraint "rendering_artefact_id_foreign" foreign key ("artefact_id") references "artefact" ("id") on delete set null;`,
    );
    this.addSql(
      `alter table "rendering" add constraint "rendering_fraction_check" check (fraction >= '0' and fraction <= '1');`,
    );
    this.addSql(
      `create or replace function "rendering_rendering_touch_fn"() returns trigger as \$\$ begin NEW.updated_at = clock_timestamp(); RETURN NEW; end; \$\$ language plpgsql;`,
    );
    this.addSql(
      `create trigger "rendering_touch" BEFORE UPDATE on "rendering" for each ROW execute function "rendering_rendering_touch_fn"();`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger if exists "rendering_touch" on "rendering";`);
    this.addSql(`drop function if exists "rendering_rendering_touch_fn"();`);
    this.addSql(`drop table if exists "rendering" cascade;`);

    this.addSql(`alter table "artefact" drop constraint "artefact_kind_check";`);
    this.addSql(
      `alter table "artefact" add constraint "artefact_kind_check" check ("kind" in ('source', 'canonical', 'working', 'stem', 'waveform', 'encoded', 'metadata'));`,
    );
  }
}
