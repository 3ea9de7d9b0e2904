import type { Database } from './orm.ts';
import { SlackInstallation } from './slack-installation.entity.ts';

/** Opaque texts by workspace: what is in them is the bot's matter, and sealed. */
export interface SlackInstallations {
  /** Replaces what the workspace had. */
  save(workspace: string, sealed: string): Promise<void>;
  find(workspace: string): Promise<string | null>;
  /**
   * Replaces the text by what `change` makes of it, which null leaves as it is; returns the one that stands, null where there is none.
   * One at a time for each workspace, in all processes: who comes second sees what the first has made. `change` runs again where
   * the database was lost before it was written.
   */
  renew(workspace: string, change: (sealed: string) => Promise<string | null>): Promise<string | null>;
  delete(workspace: string): Promise<void>;
}

export function createSlackInstallations(database: Database): SlackInstallations {
  return {
    async save(workspace, sealed) {
      await database.use(async (em) => {
        await em.upsert(
          SlackInstallation,
          { workspace, sealed },
          { onConflictFields: ['workspace'], onConflictAction: 'merge', onConflictMergeFields: ['sealed'] },
        );
      });
    },
    async find(workspace) {
      return await database.use(async (em) => (await em.findOne(SlackInstallation, { workspace }))?.sealed ?? null);
    },
    async renew(workspace, change) {
      return await database.transaction(async (em) => {
        const [row] = await em.execute<{ sealed: string }[]>(
          'select sealed from slack_installation where workspace = ? for update',
          [workspace],
        );
        if (row === undefined) return null;
        const sealed = await change(row.sealed);
        if (sealed === null) return row.sealed;
        await em.nativeUpdate(SlackInstallation, { workspace }, { sealed });
        return sealed;
      });
    },
    async delete(workspace) {
      await database.use(async (em) => {
        await em.nativeDelete(SlackInstallation, { workspace });
      });
    },
  };
}
