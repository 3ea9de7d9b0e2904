/** Links of the console: whoever has that terminal has the machine, and needs no provider to say who they are. Only for browsers on it. */
import { html } from 'hono/html';
import type { LinkAsker } from '../../db/linking.repository.ts';
import { isOnThisMachine } from '../door/client-address.ts';
import type { WebContext } from '../web.ts';
import { linkIsOver } from './link-words.ts';
import { openSession } from './open-session.ts';
import type { SignInDeps } from './settings.ts';

export async function offerMachine(
  context: WebContext,
  deps: SignInDeps,
  token: string,
  { displayName }: LinkAsker,
): Promise<Response> {
  if (!isOnThisMachine(context.env.incoming)) return await elsewhere(context, deps);
  const body = html`<section class="card narrow stack">
    <h1>Is this you?</h1>
    <p><strong>${displayName}</strong> asked for this link in the console of this machine.</p>
    <form method="post" action="${deps.pages.href(`/link/${token}/machine`)}">
      <button class="primary">See my songs</button>
    </form>
    <p class="faint">Not you? Close this page: nothing has happened.</p>
  </section>`;
  return await deps.pages.render(context, { title: 'Your songs', body });
}

export async function enterOnMachine(context: WebContext, deps: SignInDeps, token: string): Promise<Response> {
  if (!isOnThisMachine(context.env.incoming)) return await elsewhere(context, deps);
  const memberId = await deps.linking.enter(token);
  if (memberId === null) return await linkIsOver(context, deps);
  await openSession(context, deps, memberId, 'console');
  return context.redirect(deps.pages.href('/library'), 303);
}

async function elsewhere(context: WebContext, deps: SignInDeps): Promise<Response> {
  return await deps.pages.sorry(context, 403, 'This link works in a browser on the machine that Woodshed runs on.');
}
