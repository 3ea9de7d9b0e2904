import { Migration } from '@mikro-orm/migrations';

export class Migration20261121171009_sheets_to_play_from extends Migration {
  override name = 'Migration20261121171009_sheets_to_play_from';

  override up(): void | Promise<void> {
    this.addSql(`alter table "band" add "tab_preferences" jsonb null;`);

    this.addSql(`alter table "member" add "tab_preferences" jsonb null;`);

    this.addSql(`alter table "sheet" drop constraint "sheet_kind_check";`);
    this.addSql(
      `alter table "sheet" add constraint "sheet_kind_check" check ("kind" in ('analysis', 'chords', 'lyrics', 'tab'));`,
    );

    this.addSql(`alter table "job" drop constraint "job_stage_check";`);
    this.addSql(
      `alter table "job" add constraint "job_stage_check" check ("stage" in ('receive', 'read', 'separate', 'measure', 'listen', 'write', 'encode', 'deliver'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "band" drop column "tab_preferences";`);

    this.addSql(`alter table "job" drop constraint "job_stage_check";`);
    this.addSql(
      `alter table "job" add constraint "job_stage_check" check ("stage" in ('receive', 'read', 'separate', 'measure', 'listen', 'encode', 'deliver'));`,
    );

    this.addSql(`alter table "member" drop column "tab_preferences";`);

    this.addSql(`alter table "sheet" drop constraint "sheet_kind_check";`);
    this.addSql(`alter table "sheet" add constraint "sheet_kind_check" check ("kind" in ('analysis'));`);
  }
}
