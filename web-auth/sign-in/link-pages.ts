/** `/link/<token>`: what a chat hands to one of its users. Looking uses nothing up: chats look too, for their previews. */
import { html } from 'hono/html';
import type { Hono } from 'hono';
import type { LinkAsker } from '../../db/linking.repository.ts';
import type { Html } from '../look/page.ts';
import type { WebEnv } from '../web.ts';
import { chatAsker, park, redeem } from './arrive-with-link.ts';
import { linkIsOver, platformName } from './link-words.ts';
import { enterOnMachine, offerMachine } from './machine-pages.ts';
import type { Visitor } from './sessions.ts';
import type { SignInDeps } from './settings.ts';
import { departOrSay } from './sign-in-pages.ts';
import { wayButtons, waysIn } from './ways-in.ts';

export function addLinkPages(app: Hono<WebEnv>, deps: SignInDeps): void {
  const { pages, linking } = deps;

  app.get('/link/:token', async (context) => {
    const token = context.req.param('token');
    const asker = await linking.look(token);
    if (asker === null) return await linkIsOver(context, deps);
    if (asker.platform === 'console') return await offerMachine(context, deps, token, asker);
    const body = linkBody(deps, token, asker, context.get('visitor'));
    return await pages.render(context, { title: 'Link your chat', body });
  });

  app.post('/link/:token/machine', async (context) => {
    return await enterOnMachine(context, deps, context.req.param('token'));
  });

  app.post('/link/:token/go-on', async (context) => {
    const token = context.req.param('token');
    const visitor = context.get('visitor');
    const asker = await chatAsker(deps, token);
    if (asker === null || visitor === null) return await linkIsOver(context, deps);
    const { memberId } = visitor;
    if (await hasShown(deps, memberId, asker)) return await redeem(context, deps, token, memberId);
    return await park(context, deps, { token, memberId, asker });
  });

  app.post('/link/:token/:provider', async (context) => {
    const { token, provider } = context.req.param();
    if ((await chatAsker(deps, token)) === null) return await linkIsOver(context, deps);
    return await departOrSay(context, deps, { provider, purpose: 'link', linkToken: token, memberId: null });
  });

  app.get('/linked', async (context) => {
    const body = html`<section class="card narrow stack">
      <h1>Done, go back to the chat</h1>
      <p>It knows you now. What you have asked for is posted there as soon as it is ready.</p>
      <p><a class="button" href="${pages.href('/library')}">See your songs here</a></p>
    </section>`;
    return await pages.render(context, { title: 'Linked', body });
  });
}

/** Signed in to that very chat account before, in this or another browser. */
async function hasShown({ accounts }: SignInDeps, memberId: string, { platform, userId }: LinkAsker): Promise<boolean> {
  const own = await accounts.list(memberId);
  for (const { provider, subject } of own) {
    if (provider !== platform) continue;
    if (platform !== 'slack' && subject === userId) return true;
    const [workspace = '', user] = subject.split(':');
    if (platform === 'slack' && user === userId && (await accounts.isServed('slack', workspace))) return true;
  }
  return false;
}

function linkBody(deps: SignInDeps, token: string, asker: LinkAsker, visitor: Visitor | null): Html {
  const platform = platformName(asker.platform);
  const canProve = waysIn(deps).some(({ provider }) => provider === asker.platform);
  const goOn =
    visitor === null
      ? ''
      : html`<form method="post" action="${deps.pages.href(`/link/${token}/go-on`)}">
            <button class="primary">Go on as ${visitor.displayName}</button>
          </form>
          <p class="faint">Or with another account:</p>`;
  return html`<section class="card narrow stack">
    <h1>Is this you?</h1>
    <p><strong>${asker.displayName}</strong> on ${platform} asked for this link, to be known to Woodshed.</p>
    <p>
      ${
        canProve
          ? html`Sign in with ${platform}, and you are done. With any other account there is one more step in the chat.`
          : html`Sign in, and a code is shown to type in the chat.`
      }
    </p>
    ${goOn} ${wayButtons(deps, `/link/${token}`, asker.platform)}
    <p class="faint">Not you? Close this page: nothing has happened.</p>
  </section>`;
}
