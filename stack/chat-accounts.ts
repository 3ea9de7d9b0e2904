import type { Accounts } from '../bots/core/jobs.ts';
import { createLinkWaits } from '../db/link-waits.repository.ts';
import { createLinking } from '../db/linking.repository.ts';
import type { Database } from '../db/orm.ts';
import type { Config } from '../runtime/config.ts';
import { signInNames } from '../runtime/linking-config.ts';
import { isThisMachine } from '../runtime/web-config.ts';
import type { Platform } from '../workflows/contract/request.ts';

export type AccountsConfig = Pick<Config, 'linking' | 'signIn'> & { readonly web: Pick<Config['web'], 'url'> };

/** By a provider; or, in the console, where the pages are on the same machine. */
export function canSignIn(platform: Platform, url: string, signIn: Config['signIn']): boolean {
  return platform === 'console' ? isThisMachine(new URL(url).hostname) : signInNames(signIn).length > 0;
}

/** Chat accounts as the operator wants them linked, on the pages that this Woodshed has. */
export function chatAccounts({ linking: policy, signIn, web }: AccountsConfig, database: Database): Accounts {
  const linking = createLinking(database);
  const { mustLink } = createLinkWaits(database, policy);
  return {
    mustLink,
    isLinked: async (requester) => await linking.isLinked(requester),
    async linkPage(requester) {
      if (web.url === null) return null;
      if (!canSignIn(requester.platform, web.url, signIn)) return null;
      const { token, endsAt } = await linking.makeToken(requester);
      return { url: `${web.url}/link/${token}`, endsAt };
    },
    confirm: async (requester, code) => await linking.confirm(requester, code),
    unlink: async (requester) => await linking.unlink(requester),
  };
}
