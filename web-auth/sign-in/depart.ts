/** Sends a browser to a provider, and keeps what is needed when it comes back. */
import { randomBytes } from 'node:crypto';
import { html } from 'hono/html';
import { z } from 'zod';
import type { SignInPurpose } from '../../db/sign-in-states.repository.ts';
import { publicUrl } from '../web.ts';
import type { WebContext } from '../web.ts';
import { nameBrowser } from './browser-cookie.ts';
import type { OAuthSecrets } from './oauth-client.ts';
import type { SignInDeps } from './settings.ts';
import { telegramAddress } from './telegram-login.ts';

export interface Departure {
  readonly provider: string;
  readonly purpose: SignInPurpose;
  readonly linkToken: string | null;
  /** Who connects an account; null otherwise. */
  readonly memberId: string | null;
}

const keptSchema = z.object({
  linkToken: z.string().nullable(),
  secrets: z
    .object({ verifier: z.string().nullable(), nonce: z.string().nullable(), scopes: z.array(z.string()).readonly() })
    .nullable(),
});
export type Kept = z.output<typeof keptSchema>;

const STATE_BYTES = 32;

export function redirectUriOf(deps: SignInDeps, provider: string): string {
  return publicUrl(deps.place, `/sign-in/${provider}/callback`);
}

/** Null where the provider is off, or not for this. @throws OAuthError */
export async function depart(context: WebContext, deps: SignInDeps, to: Departure): Promise<Response | null> {
  const { provider, purpose, memberId, linkToken } = to;
  const redirectUri = redirectUriOf(deps, provider);
  const way = await wayTo(deps, to, redirectUri);
  if (way === null) return null;
  const { url, state, label, secrets } = way;
  const browser = nameBrowser(context, deps.place);
  const sealed = deps.seal.close(JSON.stringify({ linkToken, secrets } satisfies Kept), stateBinding(provider, state));
  await deps.states.save({ state, browser, provider, redirectUri, purpose, memberId, sealed });
  // No redirect: browsers would hold it against our `form-action`, as they would every address that the provider sends them on to.
  context.header('Refresh', `0; url=${url}`);
  const body = html`<section class="card narrow stack">
    <h1>On to ${label}</h1>
    <p><a class="button primary" href="${url}" rel="noreferrer">Go on</a></p>
  </section>`;
  return await deps.pages.render(context, { title: `On to ${label}`, body });
}

/** What was kept while the browser was away. @throws where it was not sealed for this state */
export function openKept(deps: SignInDeps, provider: string, state: string, sealed: string): Kept {
  return keptSchema.parse(JSON.parse(deps.seal.open(sealed, stateBinding(provider, state))));
}

interface Way {
  readonly url: string;
  readonly state: string;
  readonly label: string;
  readonly secrets: OAuthSecrets | null;
}

async function wayTo(deps: SignInDeps, { provider, purpose }: Departure, redirectUri: string): Promise<Way | null> {
  if (provider === 'telegram' && deps.telegram !== null) {
    const state = randomBytes(STATE_BYTES).toString('base64url');
    const returnTo = `${redirectUri}?state=${state}`;
    const url = telegramAddress(deps.telegram, { origin: deps.place.origin, returnTo });
    return { url, state, label: 'Telegram', secrets: null };
  }
  const client = [...deps.clients.values()].find((candidate) => candidate.provider === provider);
  if (client === undefined || (purpose !== 'connect' && !client.isForSignIn)) return null;
  const use = purpose === 'connect' ? 'connect' : 'sign-in';
  const { url, state, secrets } = await client.begin({ use, redirectUri, withEmail: deps.rules.emails.length > 0 });
  return { url, state, label: client.label, secrets };
}

function stateBinding(provider: string, state: string): string {
  return `sign_in_state|${state}|${provider}|v1`;
}
