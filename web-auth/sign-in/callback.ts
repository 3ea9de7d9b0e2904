/** `GET /sign-in/:provider/callback`: a browser comes back. Whatever comes of it, its state is used up. */
import type { SignInPurpose } from '../../db/sign-in-states.repository.ts';
import type { WebContext } from '../web.ts';
import { arrive } from './arrive.ts';
import { browserOf } from './browser-cookie.ts';
import { openKept, redirectUriOf } from './depart.ts';
import type { Kept } from './depart.ts';
import { OAuthError } from './oauth-client.ts';
import type { SignInDeps } from './settings.ts';

const LONGEST_CODE = 4096;

export async function answerCallback(context: WebContext, deps: SignInDeps, provider: string): Promise<Response> {
  const asked = new URL(context.req.url).searchParams;
  const journey = await journeyOf(context, deps, provider, only(asked, 'state'));
  if (journey === null) return await startAgain(context, deps);
  const client = [...deps.clients.values()].find((candidate) => candidate.provider === provider);
  const code = only(asked, 'code');
  const { secrets } = journey.kept;
  if (client === undefined || secrets === null || asked.has('error') || code === null || code.length > LONGEST_CODE) {
    return await startAgain(context, deps);
  }
  if (asked.getAll('iss').length > 1) return await startAgain(context, deps);
  try {
    const answer = { code, issuer: asked.get('iss'), redirectUri: redirectUriOf(deps, provider), secrets };
    const { person, tokens } = await client.finish(answer);
    const arrival = { provider: client.provider, person, tokens };
    return await arrive(context, deps, { ...journey, linkToken: journey.kept.linkToken }, arrival);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return await providerFailed(context, deps, client.label, error);
  }
}

/** What this browser set out for; null where it is not the one that set out, or not at this provider. */
export async function journeyOf(
  context: WebContext,
  deps: SignInDeps,
  provider: string,
  state: string | null,
): Promise<{ readonly purpose: SignInPurpose; readonly memberId: string | null; readonly kept: Kept } | null> {
  const browser = browserOf(context, deps.place);
  if (state === null || state === '') return null;
  // Also without a browser's name: a state that was seen by anybody else is over.
  const taken = await deps.states.take(state, browser ?? '');
  if (taken === null || taken.provider !== provider || taken.redirectUri !== redirectUriOf(deps, provider)) return null;
  const { purpose, memberId, sealed } = taken;
  return { purpose, memberId, kept: openKept(deps, provider, state, sealed) };
}

export async function startAgain(context: WebContext, deps: SignInDeps): Promise<Response> {
  return await deps.pages.sorry(context, 400, 'That sign-in was not finished. Start again from the page or the link.');
}

export async function providerFailed(
  context: WebContext,
  deps: SignInDeps,
  label: string,
  error: OAuthError,
): Promise<Response> {
  const { kind, code, message } = error;
  deps.log.warn({ provider: label, kind, code: code?.slice(0, 60), why: message }, 'a sign-in could not be finished');
  return await deps.pages.sorry(
    context,
    kind === 'unreachable' ? 503 : 400,
    kind === 'unreachable'
      ? `${label} does not answer. Try again in a moment.`
      : `${label} did not let you in. Start again, and grant what is asked for.`,
  );
}

/** A parameter that is there once. */
function only(asked: URLSearchParams, name: string): string | null {
  const values = asked.getAll(name);
  return values.length === 1 ? (values[0] ?? null) : null;
}
