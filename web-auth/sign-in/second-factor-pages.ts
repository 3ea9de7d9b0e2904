/** `/second-factor`: operators set up an authenticator app, and type its codes. */
import { html } from 'hono/html';
import type { Hono } from 'hono';
import type { WebContext, WebEnv } from '../web.ts';
import { describeAuthenticator, makeKey, stepOfCode } from './authenticator.ts';
import { isOperator } from './second-factor-guard.ts';
import type { SignInDeps } from './settings.ts';

export function addSecondFactorPages(app: Hono<WebEnv>, deps: SignInDeps): void {
  const { pages, factors, seal } = deps;

  app.get('/second-factor', async (context) => {
    const visitor = await operatorOf(context, deps);
    return visitor === null ? await context.notFound() : await show(context, deps, visitor, '');
  });

  app.post('/second-factor/begin', async (context) => {
    const visitor = await operatorOf(context, deps);
    if (visitor === null) return await context.notFound();
    await factors.begin(visitor.memberId, seal.close(makeKey(), factorBinding(visitor.memberId)));
    return context.redirect(pages.href('/second-factor'), 303);
  });

  app.post('/second-factor', async (context) => {
    const visitor = await operatorOf(context, deps);
    if (visitor === null) return await context.notFound();
    const { code } = await context.req.parseBody();
    const now = deps.now();
    const outcome = await factors.check(visitor.memberId, (sealed) =>
      stepOfCode(seal.open(sealed, factorBinding(visitor.memberId)), typeof code === 'string' ? code : '', now),
    );
    await deps.audit.note({ kind: 'operator.second-factor', memberId: visitor.memberId, facts: { outcome } });
    if (outcome !== 'right') {
      return await show(
        context,
        deps,
        visitor,
        outcome === 'wrong'
          ? 'That code is wrong, or was used already.'
          : 'Too many wrong codes. Try again in a quarter of an hour.',
      );
    }
    await deps.sessions.noteSecondFactor(context.req.header('Cookie'));
    return context.redirect(pages.href('/library'), 303);
  });
}

export function factorBinding(memberId: string): string {
  return `second_factor|${memberId}|v1`;
}

interface Operator {
  readonly memberId: string;
  readonly displayName: string;
}

async function operatorOf(context: WebContext, deps: SignInDeps): Promise<Operator | null> {
  const visitor = context.get('visitor');
  return visitor !== null && (await isOperator(deps, visitor.memberId)) ? visitor : null;
}

async function show(context: WebContext, deps: SignInDeps, operator: Operator, wrong: string): Promise<Response> {
  const { pages, factors, seal } = deps;
  const href = pages.href('/second-factor');
  const factor = await factors.find(operator.memberId);
  const key = factor === null || factor.isConfirmed ? null : seal.open(factor.sealed, factorBinding(operator.memberId));
  const setUp = key === null ? null : describeAuthenticator(key, operator.displayName);
  const begin = html`<p>Whoever runs this Woodshed signs in with a second step: a code of an authenticator app.</p>
    <form method="post" action="${href}/begin"><button class="primary">Set up an app</button></form>`;
  const type = html`${
      setUp === null
        ? html`<p>Type the code that your authenticator app shows.</p>`
        : html`<p>Add this key to your authenticator app, then type the code that it shows.</p>
            <p class="number code">${setUp.key}</p>
            <p><a href="${setUp.address}">Open the app on this device</a></p>`
    }
    ${wrong === '' ? '' : html`<p class="bad" role="alert">${wrong}</p>`}
    <form method="post" action="${href}" class="stack">
      <label for="code">Code of six digits</label>
      <input
        type="text"
        id="code"
        name="code"
        inputmode="numeric"
        autocomplete="one-time-code"
        required
        maxlength="7"
      />
      <button class="primary">Go on</button>
    </form>`;
  const body = html`<section class="card narrow stack">
    <h1>Second step</h1>
    ${factor === null ? begin : type}
  </section>`;
  return await pages.render(context, { title: 'Second step', body, status: wrong === '' ? 200 : 403 });
}
