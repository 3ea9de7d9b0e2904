import type { Accounts } from '../bots/core/jobs.ts';
import { createLinkWaits } from '../db/link-waits.repository.ts';
import { createLinking } from '../db/linking.repository.ts';
import type { Database } from '../db/orm.ts';
import type { Config } from '../runtime/config.ts';
import { signInNames } from '../runtime/linking-config.ts';
import type { Platform } from '../workflows/contract/request.ts';

export type AccountsConfig = Pick<Config, 'linking' | 'signIn'> & {
  readonly web: Pick<Config['web'], 'url' | 'consoleUrl'>;
};

/** Where somebody of that platform can sign in; null for nowhere. */
export function pagesUrl(platform: Platform, { web, signIn }: Pick<AccountsConfig, 'web' | 'signIn'>): string | null {
  if (platform === 'console') return web.consoleUrl;
  return signInNames(signIn).length > 0 ? web.url : null;
}

/** Chat accounts as the operator wants them linked, on the pages that this Woodshed has. */
export function chatAccounts({ linking: policy, signIn, web }: AccountsConfig, database: Database): Accounts {
  const linking = createLinking(database);
  const { mustLink } = createLinkWaits(database, policy);
  return {
    mustLink,
    isLinked: async (requester) => await linking.isLinked(requester),
    async linkPage(requester) {
      const url = pagesUrl(requester.platform, { web, signIn });
      if (url === null) return null;
      const { token, endsAt } = await linking.makeToken(requester);
      return { url: `${url}/link/${token}`, endsAt };
    },
    confirm: async (requester, code) => await linking.confirm(requester, code),
    unlink: async (requester) => await linking.unlink(requester),
  };
}
