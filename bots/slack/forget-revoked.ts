/** A workspace that takes the app away leaves nothing of its tokens here. */
import type { App, InstallationStore } from '@slack/bolt';
import { z } from 'zod';
import { isNotInstalled } from './authorizer.ts';
import { createClient } from './clients.ts';
import { createMethodLimits } from './method-limits.ts';

const revokedSchema = z.looseObject({ tokens: z.looseObject({ bot: z.array(z.string()).nullish() }).optional() });
const DEAD = new Set(['account_inactive', 'invalid_auth', 'token_revoked', 'token_expired', 'not_authed']);

export function forgetRevoked(app: App, store: InstallationStore, apiUrl: string | null): void {
  async function forget(teamId: string): Promise<void> {
    const place = { teamId, enterpriseId: undefined, isEnterpriseInstall: false } as const;
    const kept = await store.fetchInstallation(place).catch((error: unknown) => {
      if (isNotInstalled(error)) return null;
      throw error;
    });
    const token = kept?.bot?.token;
    // Events come late and again: the app may have been installed anew since.
    if (kept === null || (token !== undefined && (await works(token, apiUrl)))) return;
    await store.deleteInstallation?.(place);
  }

  app.event('app_uninstalled', async ({ body }) => {
    await forget(body.team_id);
  });
  app.event('tokens_revoked', async ({ event, body }) => {
    const { tokens } = revokedSchema.parse(event);
    if ((tokens?.bot?.length ?? 0) > 0) await forget(body.team_id);
  });
}

/** Rejects where nobody can tell. */
async function works(token: string, apiUrl: string | null): Promise<boolean> {
  try {
    await createClient(token, apiUrl, createMethodLimits()).auth.test();
    return true;
  } catch (error) {
    const said = (error as { readonly data?: { readonly error?: unknown } }).data?.error;
    if (typeof said === 'string' && DEAD.has(said)) return false;
    throw error;
  }
}
