/** A browser has come back from a provider, which has said whose it is: what it went for is done now. */
import { html } from 'hono/html';
import type { WebContext } from '../web.ts';
import { admit } from './admit.ts';
import type { Arrival } from './admit.ts';
import { arriveWithLink } from './arrive-with-link.ts';
import type { Tokens } from './oauth-client.ts';
import { notAdmitted } from './not-admitted.ts';
import { openSession } from './open-session.ts';
import type { SignInDeps } from './settings.ts';
import { sealTokens } from '../accounts/seal-tokens.ts';
import { lacksSecondFactor } from './second-factor-guard.ts';
import type { SignInPurpose } from '../../db/sign-in-states.repository.ts';

export interface Journey {
  readonly purpose: SignInPurpose;
  readonly linkToken: string | null;
  readonly memberId: string | null;
}

export async function arrive(
  context: WebContext,
  deps: SignInDeps,
  journey: Journey,
  arrival: Arrival & { readonly tokens: Tokens | null },
): Promise<Response> {
  switch (journey.purpose) {
    case 'link':
      return await arriveWithLink(context, deps, journey.linkToken ?? '', arrival);
    case 'connect':
      return await connect(context, deps, journey.memberId, arrival);
    case 'sign-in': {
      const memberId = await admit(deps, arrival, false);
      if (memberId === null) return await notAdmitted(context, deps);
      await openSession(context, deps, memberId, arrival.provider);
      return context.redirect(deps.pages.href('/library'), 303);
    }
  }
}

async function connect(
  context: WebContext,
  deps: SignInDeps,
  memberId: string | null,
  { provider, person, tokens }: Arrival & { readonly tokens: Tokens | null },
): Promise<Response> {
  const visitor = context.get('visitor');
  if (visitor === null || visitor.memberId !== memberId || (await lacksSecondFactor(deps, visitor))) {
    return await deps.pages.sorry(
      context,
      403,
      'You are not signed in any more. Sign in, and connect the account again.',
    );
  }
  const { subject, displayName } = person;
  const connected = await deps.accounts.connect(memberId, { provider, subject, displayName }, (boundTo) =>
    tokens === null ? null : sealTokens(deps.seal, tokens, boundTo),
  );
  if (connected === 'connected') return context.redirect(deps.pages.href('/accounts'), 303);
  const body = html`<section class="card narrow stack">
    <h1>This account cannot be connected</h1>
    <p>Disconnect it first where it is connected, or choose another one.</p>
    <p><a class="button" href="${deps.pages.href('/accounts')}">Back to your accounts</a></p>
  </section>`;
  return await deps.pages.render(context, { title: 'Not connected', body, status: 409 });
}
