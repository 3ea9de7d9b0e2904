import { html } from 'hono/html';
import type { Html } from '../look/page.ts';
import type { SignInDeps } from './settings.ts';

/** By what one can sign in here, in the order in which it is offered. */
export function waysIn({
  clients,
  telegram,
}: SignInDeps): readonly { readonly provider: string; readonly label: string }[] {
  const ways = [...clients.values()].filter(({ isForSignIn }) => isForSignIn);
  return [
    ...ways.map(({ provider, label }) => ({ provider, label })),
    ...(telegram === null ? [] : [{ provider: 'telegram', label: 'Telegram' }]),
  ];
}

/** A button for each. @param action begins the form's address; the provider's name ends it */
export function wayButtons(deps: SignInDeps, action: string, first: string | null = null): Html {
  const ways = waysIn(deps).toSorted((a, b) => Number(b.provider === first) - Number(a.provider === first));
  if (ways.length === 0) {
    return html`<p>
      Nobody can sign in here yet: whoever runs this Woodshed has to name a provider in its configuration.
    </p>`;
  }
  return html`<ul class="ways">
    ${ways.map(
      ({ provider, label }, index) =>
        html`<li>
          <form method="post" action="${deps.pages.href(`${action}/${provider}`)}">
            <button class="${index === 0 ? 'primary' : ''}">Sign in with ${label}</button>
          </form>
        </li>`,
    )}
  </ul>`;
}
