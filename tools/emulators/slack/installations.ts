/** "Add to Slack": consent, its code, and the exchange of the code for a token. */
import type { EmulatedClock } from '../core/emulated-clock.ts';
import type { AppSecrets } from './emulation.ts';
import type { Ids } from './ids.ts';
import type { AppSeed } from './options.ts';
import { SlackError } from './slack-error.ts';
import type { GrantedToken, Tokens } from './tokens.ts';
import type { Wire } from './to-wire.ts';
import type { Workspace, World } from './world.ts';

export interface Consent {
  readonly workspaceId: string;
  readonly personId: string;
  readonly scopes: readonly string[];
  /** As the authorize page got it; null where it got none. */
  readonly redirectUri: string | null;
}

export interface Installations {
  /** @returns the code that goes along to the app @throws SlackError `bad_redirect_uri`, `invalid_team_for_non_distributed_app` */
  consent(consent: Consent): string;
  /** `oauth.v2.access` */
  exchange(credentials: Credentials, grant: Grant): Wire;
  /** Without the flow, as an app's own settings page does. */
  install(workspace: Workspace): GrantedToken;
  uninstall(workspace: Workspace): void;
}

export interface Credentials {
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
}

export type Grant =
  | { readonly kind: 'code'; readonly code: string | undefined; readonly redirectUri: string | undefined }
  | { readonly kind: 'refresh_token'; readonly refreshToken: string | undefined };

const CODE_LIFE_MS = 10 * 60_000;

export function createInstallations(
  app: AppSeed & AppSecrets,
  world: World,
  tokens: Tokens,
  clock: EmulatedClock,
  ids: Ids,
): Installations {
  const codes = new Map<string, Consent & { readonly untilMs: number; isUsed: boolean }>();

  function install(workspace: Workspace, scopes: readonly string[]): GrantedToken {
    workspace.isInstalled = true;
    return tokens.grant(workspace, scopes);
  }
  function answer(workspace: Workspace, token: GrantedToken, personId: string | null): Wire {
    const { accessToken, refreshToken, expiresSeconds, scopes } = token;
    return {
      app_id: app.id,
      ...(personId !== null && { authed_user: { id: personId } }),
      scope: scopes.join(','),
      token_type: 'bot',
      access_token: accessToken,
      bot_user_id: workspace.botUserId,
      ...(refreshToken !== null && {
        refresh_token: refreshToken,
        expires_in: (expiresSeconds ?? 0) - Math.floor(clock.nowMs() / 1000),
      }),
      team: { id: workspace.id, name: workspace.name },
      enterprise: null,
      is_enterprise_install: false,
    };
  }
  function exchangeCode(code: string | undefined, redirectUri: string | undefined): Wire {
    const kept = codes.get(code ?? '');
    const workspace = world.workspaces.get(kept?.workspaceId ?? '');
    if (kept === undefined || workspace === undefined) throw new SlackError('invalid_code');
    if (kept.isUsed) throw new SlackError('code_already_used');
    if (kept.untilMs <= clock.nowMs()) throw new SlackError('invalid_code');
    if ((kept.redirectUri ?? redirectUri) !== redirectUri) throw new SlackError('bad_redirect_uri');
    kept.isUsed = true;
    return answer(workspace, install(workspace, kept.scopes), kept.personId);
  }

  return {
    consent(consent) {
      const { redirectUri, workspaceId } = consent;
      if (!world.workspaces.has(workspaceId)) throw new SlackError('invalid_team');
      const known = app.redirectUrls;
      if (redirectUri !== null && known.length > 0 && !known.some((url) => redirectUri.startsWith(url))) {
        throw new SlackError('bad_redirect_uri');
      }
      const code = `${ids.secret(12)}.${ids.secret(12)}.${ids.secret(40)}`;
      codes.set(code, { ...consent, untilMs: clock.nowMs() + CODE_LIFE_MS, isUsed: false });
      return code;
    },
    exchange({ clientId, clientSecret }, grant) {
      if (clientId !== app.clientId) throw new SlackError('invalid_client_id');
      if (clientSecret !== app.clientSecret) throw new SlackError('bad_client_secret');
      if (grant.kind === 'code') return exchangeCode(grant.code, grant.redirectUri);
      const { workspace, token } = tokens.refresh(grant.refreshToken ?? '');
      return answer(workspace, token, null);
    },
    install: (workspace) => install(workspace, app.scopes),
    uninstall(workspace) {
      workspace.isInstalled = false;
      tokens.revokeAll(workspace.id);
    },
  };
}
