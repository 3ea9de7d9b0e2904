import { accountBinding } from '../../db/linked-accounts.repository.ts';
import type { KeptAccount } from '../../db/linked-accounts.repository.ts';
import { OAuthError } from '../sign-in/oauth-client.ts';
import type { SignInDeps } from '../sign-in/settings.ts';
import { openTokens } from './seal-tokens.ts';

/**
 * `only-way-in`: nothing but this account lets the member in, and no tokens are kept of it.
 * `told`: the provider took the tokens back. `not-told`: it does not offer that, or did not answer; here they are gone all the same.
 */
export type Disconnected = 'told' | 'not-told' | 'nothing-to-tell' | 'only-way-in' | 'unknown';

/** Tells the provider, then forgets the tokens, and the account where it is not the only way in. */
export async function disconnect(deps: SignInDeps, memberId: string, accountId: string): Promise<Disconnected> {
  const own = await deps.accounts.list(memberId);
  const account = own.find(({ id }) => id === accountId);
  if (account === undefined) return 'unknown';
  const isOnlyWayIn = isWayIn(account, deps) && own.filter((other) => isWayIn(other, deps)).length === 1;
  if (isOnlyWayIn && !account.hasTokens) return 'only-way-in';
  const outcome = await deps.tokens.erase({ id: accountId, memberId, keepRow: isOnlyWayIn }, async (row) => {
    const client = deps.clients.get(account.provider);
    if (row === null) return 'nothing-to-tell' as const;
    if (client === undefined) return 'not-told' as const;
    try {
      const told = await client.revoke(openTokens(deps.seal, row.sealed, accountBinding(row)));
      return told === 'revoked' ? ('told' as const) : ('not-told' as const);
    } catch (error) {
      const why = error instanceof OAuthError ? error.message : 'its tokens do not open';
      deps.log.warn(
        { provider: account.provider, why },
        'a provider could not be told that an account was disconnected',
      );
      return 'not-told' as const;
    }
  });
  return outcome ?? 'unknown';
}

function isWayIn({ provider }: KeptAccount, { clients }: SignInDeps): boolean {
  return provider === 'telegram' || clients.get(provider)?.isForSignIn === true;
}
