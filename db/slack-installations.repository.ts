import type { Database } from './orm.ts';
import { SlackInstallation } from './slack-installation.entity.ts';

/** Opaque texts by workspace: what is in them is the bot's matter, and sealed. */
export interface SlackInstallations {
  /** Replaces what the workspace had. */
  save(workspace: string, sealed: string): Promise<void>;
  find(workspace: string): Promise<string | null>;
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
    async delete(workspace) {
      await database.use(async (em) => {
        await em.nativeDelete(SlackInstallation, { workspace });
      });
    },
  };
}
