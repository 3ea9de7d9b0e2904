/** Access tokens of the app: one a workspace, refreshed where rotation is on; and the app-level token. */
import type { EmulatedClock } from '../core/emulated-clock.ts';
import type { Ids } from './ids.ts';
import { SlackError } from './slack-error.ts';
import type { Workspace, World } from './world.ts';

export const TOKEN_LIFE_SECONDS = 43_200;

export interface GrantedToken {
  readonly accessToken: string;
  /** Null without rotation. */
  readonly refreshToken: string | null;
  readonly expiresSeconds: number | null;
  readonly scopes: readonly string[];
}

export type TokenHolder =
  | { readonly kind: 'bot'; readonly workspace: Workspace; readonly scopes: readonly string[] }
  | { readonly kind: 'app' };

export interface Tokens {
  readonly appToken: string;
  grant(workspace: Workspace, scopes: readonly string[]): GrantedToken;
  /** The newest one. @throws RangeError where the app is not installed */
  of(workspaceId: string): GrantedToken;
  /** A refresh token is good for one use. @throws SlackError `invalid_refresh_token` */
  refresh(refreshToken: string): { readonly workspace: Workspace; readonly token: GrantedToken };
  /** @throws SlackError `not_authed`, `invalid_auth`, `token_revoked`, `token_expired`, `account_inactive` */
  holder(token: string | null): TokenHolder;
  revokeAll(workspaceId: string): void;
}

interface Kept extends GrantedToken {
  readonly workspaceId: string;
  isRevoked: boolean;
  isRefreshed: boolean;
}

export function createTokens(world: World, ids: Ids, clock: EmulatedClock, hasRotation: boolean): Tokens {
  const appToken = `xapp-1-A0WOODSHED-${ids.secret(12)}-${ids.secret(32)}`;
  const all: Kept[] = [];
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000);

  const tokens: Tokens = {
    appToken,
    grant(workspace, scopes) {
      const kept: Kept = {
        workspaceId: workspace.id,
        accessToken: `${hasRotation ? 'xoxe.' : ''}xoxb-${ids.secret(12)}-${ids.secret(24)}`,
        refreshToken: hasRotation ? `xoxe-1-${ids.secret(48)}` : null,
        expiresSeconds: hasRotation ? nowSeconds() + TOKEN_LIFE_SECONDS : null,
        scopes,
        isRevoked: false,
        isRefreshed: false,
      };
      all.push(kept);
      return kept;
    },
    of(workspaceId) {
      const newest = all.findLast((token) => token.workspaceId === workspaceId && !token.isRevoked);
      if (newest === undefined) throw new RangeError(`the app is not installed in ${workspaceId}`);
      return newest;
    },
    refresh(refreshToken) {
      const kept = all.find((token) => token.refreshToken === refreshToken);
      const workspace = world.workspaces.get(kept?.workspaceId ?? '');
      if (kept === undefined || workspace === undefined || kept.isRevoked || kept.isRefreshed) {
        throw new SlackError('invalid_refresh_token');
      }
      kept.isRefreshed = true;
      return { workspace, token: tokens.grant(workspace, kept.scopes) };
    },
    holder(token) {
      if (token === null || token === '') throw new SlackError('not_authed');
      if (token === appToken) return { kind: 'app' };
      const kept = all.find(({ accessToken }) => accessToken === token);
      const workspace = world.workspaces.get(kept?.workspaceId ?? '');
      if (kept === undefined || workspace === undefined) throw new SlackError('invalid_auth');
      if (!workspace.isInstalled) throw new SlackError('account_inactive');
      if (kept.isRevoked) throw new SlackError('token_revoked');
      if (kept.expiresSeconds !== null && kept.expiresSeconds <= nowSeconds()) throw new SlackError('token_expired');
      return { kind: 'bot', workspace, scopes: kept.scopes };
    },
    revokeAll(workspaceId) {
      for (const token of all) if (token.workspaceId === workspaceId) token.isRevoked = true;
    },
  };
  return tokens;
}
