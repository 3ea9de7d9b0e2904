/** `/accounts`: whom the member is elsewhere, what was granted, and the chats that know them. */
import type { Hono } from 'hono';
import type { PageRoom, WebContext, WebEnv } from '../web.ts';
import { departOrSay } from '../sign-in/sign-in-pages.ts';
import type { SignInDeps, SignInParts } from '../sign-in/settings.ts';
import { accountsView } from './accounts-view.ts';
import { disconnect } from './disconnect.ts';
import type { Disconnected } from './disconnect.ts';

export function accountsRoom(parts: SignInParts): PageRoom {
  return (app, webDeps) => addAccountsPages(app, { ...webDeps, ...parts });
}

const SAID: Readonly<Record<Exclude<Disconnected, 'unknown'>, string>> = {
  told: 'Disconnected. The provider was told, and nothing of it is kept here.',
  'not-told':
    'Disconnected: nothing of it is kept here. Take Woodshed off the list of apps in that account’s settings too.',
  'nothing-to-tell': 'Disconnected.',
  'only-way-in': 'This is the only account by which you get in. Connect another one first.',
};

function addAccountsPages(app: Hono<WebEnv>, deps: SignInDeps): void {
  const { pages, accounts, linking } = deps;

  app.get('/accounts', async (context) => {
    const memberId = memberOf(context);
    return memberId === null ? toSignIn(context, deps) : await show(context, deps, memberId, '');
  });

  app.post('/accounts/connect/:provider', async (context) => {
    const memberId = memberOf(context);
    if (memberId === null) return toSignIn(context, deps);
    const provider = context.req.param('provider');
    return await departOrSay(context, deps, { provider, purpose: 'connect', linkToken: null, memberId });
  });

  app.post('/accounts/:id/disconnect', async (context) => {
    const memberId = memberOf(context);
    if (memberId === null) return toSignIn(context, deps);
    const outcome = await disconnect(deps, memberId, context.req.param('id'));
    return outcome === 'unknown' ? await context.notFound() : await show(context, deps, memberId, SAID[outcome]);
  });

  app.post('/accounts/chats/:id/unlink', async (context) => {
    const memberId = memberOf(context);
    if (memberId === null) return toSignIn(context, deps);
    const own = await accounts.chatUsers(memberId);
    const chatUser = own.find(({ id }) => id === context.req.param('id'));
    if (chatUser === undefined) return await context.notFound();
    await linking.unlink(chatUser);
    return context.redirect(pages.href('/accounts'), 303);
  });
}

function memberOf(context: WebContext): string | null {
  return context.get('visitor')?.memberId ?? null;
}

function toSignIn(context: WebContext, { pages }: SignInDeps): Response {
  return context.redirect(pages.href('/sign-in'), 303);
}

async function show(context: WebContext, deps: SignInDeps, memberId: string, said: string): Promise<Response> {
  const { accounts } = deps;
  const view = { own: await accounts.list(memberId), chatUsers: await accounts.chatUsers(memberId), said };
  return await deps.pages.render(context, { title: 'Accounts', body: accountsView(deps, view) });
}
