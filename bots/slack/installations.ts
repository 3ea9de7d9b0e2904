/** Workspaces that installed the app, as Bolt keeps them: their tokens leave this file sealed. */
import type { Installation, InstallationQuery, InstallationStore } from '@slack/bolt';

/** Texts by workspace; implemented in `db/`. */
export interface SealedTexts {
  save(key: string, sealed: string): Promise<void>;
  find(key: string): Promise<string | null>;
  delete(key: string): Promise<void>;
}

/** Encrypts under a key of the operator's; the text is bound to its workspace. */
export interface Seal {
  close(text: string, boundTo: string): string;
  /** @throws where the text was changed, or was sealed for another workspace. */
  open(sealed: string, boundTo: string): string;
}

export class NotInstalledError extends Error {
  override readonly name = 'NotInstalledError';
  constructor() {
    super('this workspace has not installed the app');
  }
}

export function createInstallationStore(texts: SealedTexts, seal: Seal): InstallationStore {
  return {
    async storeInstallation(installation) {
      const key = keyOf({
        teamId: installation.team?.id,
        enterpriseId: installation.enterprise?.id,
        isEnterpriseInstall: installation.isEnterpriseInstall === true,
      });
      await texts.save(key, seal.close(JSON.stringify(installation), key));
    },
    async fetchInstallation(query) {
      const key = keyOf(query);
      const sealed = await texts.find(key);
      if (sealed === null) throw new NotInstalledError();
      return JSON.parse(seal.open(sealed, key)) as Installation;
    },
    async deleteInstallation(query) {
      await texts.delete(keyOf(query));
    },
  };
}

type Where = Pick<InstallationQuery<boolean>, 'teamId' | 'enterpriseId' | 'isEnterpriseInstall'>;

function keyOf({ teamId, enterpriseId, isEnterpriseInstall }: Where): string {
  const key = isEnterpriseInstall ? enterpriseId : teamId;
  if (key === undefined) throw new TypeError('an installation belongs to a workspace or an organisation');
  return key;
}
