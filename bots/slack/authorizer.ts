/** The tokens of a workspace for whoever needs them: events that come in, and cards that go out. */
import type { AuthorizeResult, AuthorizeSourceData } from '@slack/bolt';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { NotInstalledError } from './installations.ts';

type Source = Pick<AuthorizeSourceData<boolean>, 'teamId' | 'enterpriseId' | 'isEnterpriseInstall'>;

export interface Authorizer {
  /** For Bolt. Rejects where the app is not installed. */
  authorize(source: Source): Promise<AuthorizeResult>;
  /** @throws SendError `gone` where the app is not installed (any more). */
  botToken(teamId: string): Promise<string>;
}

/** @param authorize also refreshes tokens that are about to end: a refresh token is good for one use, so of several at once one does it */
export function createAuthorizer(authorize: (source: Source) => Promise<AuthorizeResult>): Authorizer {
  const underWay = new Map<string, Promise<AuthorizeResult>>();

  async function once(source: Source): Promise<AuthorizeResult> {
    const { teamId, enterpriseId, isEnterpriseInstall } = source;
    const key = JSON.stringify([teamId, enterpriseId, isEnterpriseInstall]);
    const first =
      underWay.get(key) ??
      authorize(source).finally(() => {
        underWay.delete(key);
      });
    underWay.set(key, first);
    // Bolt writes into what it gets.
    return { ...(await first) };
  }

  return {
    authorize: once,
    async botToken(teamId) {
      try {
        const { botToken } = await once({ teamId, enterpriseId: undefined, isEnterpriseInstall: false });
        if (botToken === undefined) throw new NotInstalledError();
        return botToken;
      } catch (error) {
        throw isNotInstalled(error)
          ? new SendError('gone', 'Slack: the app is not installed there', { cause: error })
          : error;
      }
    },
  };
}

/** Bolt and its installer wrap what went wrong, each for itself. */
export function isNotInstalled(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof NotInstalledError || isNotInstalled((error as { readonly original?: unknown }).original);
}
