/** `/sign-in/telegram/callback`. Telegram answers behind a `#`, where no server sees it: a script of ours sends it on from there. */
import { html } from 'hono/html';
import type { Hono } from 'hono';
import type { WebEnv } from '../web.ts';
import { arrive } from './arrive.ts';
import { journeyOf, startAgain } from './callback.ts';
import type { SignInDeps } from './settings.ts';
import { readTelegramResult } from './telegram-login.ts';
import type { TelegramLogin } from './telegram-login.ts';

export function addTelegramPages(app: Hono<WebEnv>, deps: SignInDeps, { token }: TelegramLogin): void {
  const path = '/sign-in/telegram/callback';

  app.get(path, async (context) => {
    const body = html`<section class="card narrow stack">
      <h1>Back from Telegram</h1>
      <form method="post" action="${deps.pages.href(path)}" id="back">
        <input type="hidden" name="state" value="${context.req.query('state') ?? ''}" />
        <input type="hidden" name="result" value="" />
        <p id="word" role="status">One moment.</p>
        <noscript><p>This one page needs JavaScript. Switch it on, or choose another way to sign in.</p></noscript>
      </form>
    </section>`;
    return await deps.pages.render(context, { title: 'Back from Telegram', body, scripts: ['sign-in/telegram.ts'] });
  });

  app.post(path, async (context) => {
    const { state, result } = await context.req.parseBody();
    const journey = await journeyOf(context, deps, 'telegram', typeof state === 'string' ? state : null);
    const person = typeof result === 'string' ? readTelegramResult(token, result, deps.now()) : null;
    if (journey === null || person === null || !(await deps.states.spend(person.hash))) {
      return await startAgain(context, deps);
    }
    const { purpose, memberId, kept } = journey;
    const arrival = { provider: 'telegram', person, tokens: null } as const;
    return await arrive(context, deps, { purpose, memberId, linkToken: kept.linkToken }, arrival);
  });
}
