/** Chat accounts and their pages, as a Woodshed with a web address and a provider has them. */
import type { Database } from '../../db/orm.ts';
import { chatAccounts } from '../../stack/chat-accounts.ts';
import { chatUploads } from '../../stack/chat-uploads.ts';
import type { LinkPolicy } from '../../workflows/contract/linking.ts';
import type { Accounts, Uploads } from './jobs.ts';

export const WEB_URL = 'https://woodshed.example.org';

export function testAccounts(database: Database, linking: LinkPolicy = 'never'): Accounts {
  const signIn = {
    discord: { clientId: 'id', clientSecret: 'secret', url: null },
    slack: null,
    google: null,
    telegram: null,
    spotify: null,
    tone3000: null,
    emails: [],
    inviteOnly: false,
    operators: [],
    operatorsNeedSecondFactor: false,
  };
  return chatAccounts({ linking, signIn, web: { url: WEB_URL, consoleUrl: null } }, database);
}

export function testUploads(database: Database): Uploads {
  return chatUploads({ web: { url: WEB_URL } }, database);
}

/** The token of a page's address; fails where it is none. */
export function tokenOf(url: string | undefined): string {
  const token = new RegExp(`^${WEB_URL}/link/([\\w-]{43})$`, 'u').exec(url ?? '')?.[1];
  if (token === undefined) throw new Error(`no page to link an account on: ${String(url)}`);
  return token;
}
