/** `GET /`: for strangers, what this is and how to come in. */
import { html } from 'hono/html';
import type { WebContext, WebDeps } from '../web.ts';

export async function showFrontPage(context: WebContext, { pages }: WebDeps): Promise<Response> {
  const body = html`<section class="front">
    <h1>The practice room in your band’s chat</h1>
    <p class="lead">
      Send a song where your band talks. Woodshed takes it apart and posts the stems back: vocals, drums, bass and what
      else is in it, for playing along or taking a part by ear.
    </p>
    <ol class="steps">
      <li>
        <span
          ><strong>Send a song</strong> in Discord, Slack or Telegram: a file, or a link with <kbd>/split</kbd>.</span
        >
      </li>
      <li>
        <span><strong>Get its stems</strong> in the same chat, as soon as they are there.</span>
      </li>
      <li>
        <span><strong>Play along here</strong>, in the mixer: mute your part, slow it down, loop what is hard.</span>
      </li>
    </ol>
    <p class="row">
      <a class="button primary" href="${pages.href('/sign-in')}">Sign in</a>
      <span class="faint">Use the account that you chat with: your band’s songs are in the library.</span>
    </p>
  </section>`;
  return await pages.render(context, { title: 'Stems for your band', body, styles: ['library/library.css'] });
}
