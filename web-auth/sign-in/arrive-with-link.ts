/** Somebody with a chat's link has signed in. Linked is only who that chat user is, or who is confirmed in the chat. */
import { html } from 'hono/html';
import type { LinkAsker } from '../../db/linking.repository.ts';
import type { WebContext } from '../web.ts';
import { admit, chatUserOf } from './admit.ts';
import type { Arrival } from './admit.ts';
import { linkIsOver, platformName } from './link-words.ts';
import { notAdmitted } from './not-admitted.ts';
import { openSession } from './open-session.ts';
import type { SignInDeps } from './settings.ts';

/** Null, too, for a link of the console, which has a way in of its own and no other. */
export async function chatAsker({ linking }: SignInDeps, token: string): Promise<LinkAsker | null> {
  const asker = await linking.look(token);
  return asker?.platform === 'console' ? null : asker;
}

export async function arriveWithLink(
  context: WebContext,
  deps: SignInDeps,
  token: string,
  arrival: Arrival,
): Promise<Response> {
  const asker = await chatAsker(deps, token);
  if (asker === null) return await linkIsOver(context, deps);
  const isSamePlatform = arrival.provider === asker.platform;
  const chatUser = await chatUserOf(deps, arrival);
  const isAsker = chatUser?.platform === asker.platform && chatUser.userId === asker.userId;
  if (isSamePlatform && !isAsker) return await someoneElse(context, deps, asker);
  const memberId = await admit(deps, arrival, true);
  if (memberId === null) return await notAdmitted(context, deps);
  await openSession(context, deps, memberId, arrival.provider);
  return isAsker ? await redeem(context, deps, token, memberId) : await park(context, deps, { token, memberId, asker });
}

/** Only for browsers that have shown whose the chat account is. */
export async function redeem(
  context: WebContext,
  deps: SignInDeps,
  token: string,
  memberId: string,
): Promise<Response> {
  const outcome = await deps.linking.redeem(token, memberId);
  if (outcome === 'linked') return context.redirect(deps.pages.href('/linked'), 303);
  return outcome === 'gone' ? await linkIsOver(context, deps) : await taken(context, deps);
}

export async function park(
  context: WebContext,
  deps: SignInDeps,
  { token, memberId, asker }: { readonly token: string; readonly memberId: string; readonly asker: LinkAsker },
): Promise<Response> {
  const parked = await deps.linking.park(token, memberId);
  if (parked === null) {
    // Used up in this moment, or another member's: nobody learns which.
    return await taken(context, deps);
  }
  const platform = platformName(asker.platform);
  const body = html`<section class="card narrow stack">
    <h1>One more step, in the chat</h1>
    <p>Type this on ${platform} as <strong>${asker.displayName}</strong>, within five minutes:</p>
    <p class="number code">/jam link ${parked.code}</p>
    <p class="faint">
      Only if that is you. Do not give this code to anybody: whoever types it in their chat gets at your songs here.
    </p>
  </section>`;
  return await deps.pages.render(context, { title: 'One more step', body });
}

async function someoneElse(context: WebContext, deps: SignInDeps, asker: LinkAsker): Promise<Response> {
  const platform = platformName(asker.platform);
  const body = html`<section class="card narrow stack">
    <h1>This link is not for you</h1>
    <p>Another ${platform} account than the one that you signed in with asked for it. Nothing was linked.</p>
    <p>If both are yours, sign in to ${platform} with the other one and open the link again.</p>
  </section>`;
  return await deps.pages.render(context, { title: 'Not linked', body, status: 403 });
}

async function taken(context: WebContext, deps: SignInDeps): Promise<Response> {
  return await deps.pages.sorry(
    context,
    409,
    'This chat account cannot be linked here. Type /jam unlink in the chat if it is yours, then ask for a new link.',
  );
}
