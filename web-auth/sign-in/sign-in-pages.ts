/** `/sign-in`, its providers' callbacks, and `/sign-out`. */
import { html } from 'hono/html';
import type { Hono } from 'hono';
import { isOnThisMachine } from '../door/client-address.ts';
import type { WebEnv } from '../web.ts';
import { answerCallback, providerFailed } from './callback.ts';
import { depart } from './depart.ts';
import type { Departure } from './depart.ts';
import { OAuthError } from './oauth-client.ts';
import type { SignInDeps } from './settings.ts';
import { wayButtons } from './ways-in.ts';
import type { WebContext } from '../web.ts';

export function addSignInPages(app: Hono<WebEnv>, deps: SignInDeps): void {
  const { pages, sessions, audit } = deps;

  app.get('/sign-in', async (context) => {
    if (context.get('visitor') !== null) return context.redirect(pages.href('/library'), 303);
    const body = html`<section class="card narrow stack">
      <h1>Sign in</h1>
      <p>With the account by which your band’s chat knows you, or another one.</p>
      ${wayButtons(deps, '/sign-in')}
      ${
        isOnThisMachine(context.env.incoming)
          ? html`<p class="faint">
              In the console of this machine, type <code>/jam link</code> for a link without an account.
            </p>`
          : ''
      }
    </section>`;
    return await pages.render(context, { title: 'Sign in', body });
  });

  app.post('/sign-in/:provider', async (context) => {
    const provider = context.req.param('provider');
    return await departOrSay(context, deps, { provider, purpose: 'sign-in', linkToken: null, memberId: null });
  });

  app.get('/sign-in/:provider/callback', async (context) => {
    return await answerCallback(context, deps, context.req.param('provider'));
  });

  app.post('/sign-out', async (context) => {
    const visitor = context.get('visitor');
    context.header('Set-Cookie', await sessions.close(context.req.header('Cookie')), { append: true });
    if (visitor !== null) await audit.note({ kind: 'session.closed', memberId: visitor.memberId });
    return context.redirect(pages.href('/sign-in'), 303);
  });
}

/** Sends the browser off, or says why not. */
export async function departOrSay(context: WebContext, deps: SignInDeps, to: Departure): Promise<Response> {
  try {
    return (await depart(context, deps, to)) ?? (await context.notFound());
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const label = [...deps.clients.values()].find(({ provider }) => provider === to.provider)?.label ?? to.provider;
    return await providerFailed(context, deps, label, error);
  }
}
