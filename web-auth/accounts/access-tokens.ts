/** Access tokens that are good now. One process refreshes at a time, and what the provider gave is written before anybody uses it. */
import type { AccountTokens, TokenChange, TokenRow } from '../../db/account-tokens.repository.ts';
import { accountBinding } from '../../db/linked-accounts.repository.ts';
import type { AccountProvider } from '../../db/linked-account.entity.ts';
import { OAuthError } from '../sign-in/oauth-client.ts';
import type { OAuthClient, Tokens } from '../sign-in/oauth-client.ts';
import type { TextSeal } from '../sign-in/settings.ts';
import { openTokens, sealTokens } from './seal-tokens.ts';

export interface AccessTokens {
  /** `relink`: there are no tokens, or the provider takes them no more; the member has to connect again. @throws OAuthError */
  of(accountId: string): Promise<AccessToken>;
}

export type AccessToken = { readonly kind: 'good'; readonly accessToken: string } | { readonly kind: 'relink' };

export interface AccessTokensOptions {
  readonly tokens: AccountTokens;
  readonly clients: ReadonlyMap<AccountProvider, OAuthClient>;
  readonly seal: TextSeal;
  readonly now?: () => Date;
}

/** What lasts no longer than this is as good as over when it gets there. */
const MARGIN_MS = 60_000;

export function createAccessTokens({
  tokens,
  clients,
  seal,
  now = () => new Date(),
}: AccessTokensOptions): AccessTokens {
  const lasts = ({ expiresAt }: Pick<TokenRow, 'expiresAt'>): boolean =>
    expiresAt === null || expiresAt.getTime() - now().getTime() > MARGIN_MS;

  return {
    async of(accountId) {
      const row = await tokens.read(accountId);
      if (row === null) return { kind: 'relink' };
      if (lasts(row))
        return { kind: 'good', accessToken: openTokens(seal, row.sealed, accountBinding(row)).accessToken };
      // Kept out here: after a lost answer the work is done again, and the provider takes the old refresh token no more.
      let fresh: Tokens | null = null;
      return await tokens.change<AccessToken>(
        accountId,
        async (locked): Promise<{ readonly change: TokenChange; readonly result: AccessToken }> => {
          if (locked === null) return { change: { kind: 'keep' }, result: { kind: 'relink' } };
          const boundTo = accountBinding(locked);
          const { accessToken, refreshToken } = openTokens(seal, locked.sealed, boundTo);
          if (lasts(locked)) return { change: { kind: 'keep' }, result: { kind: 'good', accessToken } };
          const client = clients.get(locked.provider);
          if (refreshToken === null || client === undefined) {
            return { change: { kind: 'relink' }, result: { kind: 'relink' } };
          }
          fresh ??= await refreshOnce(client, refreshToken);
          if (fresh === null) return { change: { kind: 'relink' }, result: { kind: 'relink' } };
          const { sealed, expiresAt } = sealTokens(seal, fresh, boundTo);
          const result: AccessToken = { kind: 'good', accessToken: fresh.accessToken };
          return { change: { kind: 'replace', sealed, expiresAt }, result };
        },
      );
    },
  };
}

/** Null: the provider takes the refresh token no more, which no second try changes. */
async function refreshOnce(client: OAuthClient, refreshToken: string): Promise<Tokens | null> {
  try {
    return await client.refresh(refreshToken);
  } catch (error) {
    if (error instanceof OAuthError && error.code === 'invalid_grant') return null;
    throw error;
  }
}
