import { html } from 'hono/html';
import type { KeptAccount, LinkedAccounts } from '../../db/linked-accounts.repository.ts';
import type { Html } from '../look/page.ts';
import { platformName } from '../sign-in/link-words.ts';
import type { SignInDeps } from '../sign-in/settings.ts';

export interface AccountsView {
  readonly own: readonly KeptAccount[];
  readonly chatUsers: Awaited<ReturnType<LinkedAccounts['chatUsers']>>;
  /** What has just happened; empty for nothing. */
  readonly said: string;
}

export function accountsView(deps: SignInDeps, { own, chatUsers, said }: AccountsView): Html {
  return html`<h1>Accounts</h1>
    ${said === '' ? '' : html`<p class="card" role="status">${said}</p>`}
    <div class="stack">
      <section class="card stack" aria-labelledby="connected">
        <h2 id="connected">Connected</h2>
        ${own.map((account) => accountView(deps, account))}
        <h3>Connect another</h3>
        <div class="row">${connectButtons(deps)}</div>
      </section>
      <section class="card stack" aria-labelledby="chats">
        <h2 id="chats">Chats that know you</h2>
        ${
          chatUsers.length === 0
            ? html`<p>None yet. Type <span class="number">/jam link</span> in your band’s chat.</p>`
            : chatUsers.map((chatUser) => chatUserView(deps, chatUser))
        }
      </section>
    </div>`;
}

function accountView(deps: SignInDeps, account: KeptAccount): Html {
  const { id, provider, subject, displayName, scopes, hasTokens, needsRelink } = account;
  const label = provider === 'telegram' ? 'Telegram' : (deps.clients.get(provider)?.label ?? provider);
  const granted = scopes.length === 0 ? 'Nothing but who you are.' : `Granted: ${scopes.join(', ')}`;
  return html`<article class="stack">
    <h3>${label}: ${displayName}</h3>
    <p class="faint">${hasTokens ? granted : 'For signing in. No tokens are kept.'}</p>
    ${
      provider === 'telegram' || deps.clients.get(provider)?.isForSignIn === true
        ? html`<p class="faint">Its name for operators: <span class="number">${provider}:${subject}</span></p>`
        : ''
    }
    ${needsRelink ? html`<p class="bad">${label} takes what was granted no more. Connect it again.</p>` : ''}
    <form method="post" action="${deps.pages.href(`/accounts/${id}/disconnect`)}">
      <button class="danger">Disconnect<span class="unseen"> ${label}: ${displayName}</span></button>
    </form>
  </article>`;
}

function connectButtons(deps: SignInDeps): Html[] {
  const ways = [...deps.clients.values()].map(({ provider, label }) => ({ provider: provider as string, label }));
  if (deps.telegram !== null) ways.push({ provider: 'telegram', label: 'Telegram' });
  return ways.map(
    ({ provider, label }) =>
      html`<form method="post" action="${deps.pages.href(`/accounts/connect/${provider}`)}">
        <button>${provider === 'google' ? 'Google with YouTube' : label}</button>
      </form>`,
  );
}

function chatUserView(deps: SignInDeps, { id, platform, displayName }: AccountsView['chatUsers'][number]): Html {
  return html`<article class="row">
    <span>${displayName} on ${platformName(platform)}</span>
    <form method="post" action="${deps.pages.href(`/accounts/chats/${id}/unlink`)}">
      <button class="danger">Unlink<span class="unseen"> ${displayName} on ${platformName(platform)}</span></button>
    </form>
  </article>`;
}
