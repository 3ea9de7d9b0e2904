/** The shell of every page. Templates escape what is put into them; there is no inline script and no inline style. */
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Assets } from './assets.ts';
import type { WebContext } from '../web.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface PageOptions {
  /** Without the product's name. */
  readonly title: string;
  readonly body: Html;
  /** Sheets of `browser/` beside the one for all pages, such as `mixer/mixer.css`. */
  readonly styles?: readonly string[];
  /** Scripts of `browser/`, such as `mixer/main.ts`; modules, run after the page is there. */
  readonly scripts?: readonly string[];
  /** Extra sources beside our own, by directive: `{ 'form-action': 'https://discord.com' }`. */
  readonly csp?: Readonly<Record<string, string>>;
  readonly status?: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 429 | 503;
}

export interface Pages {
  /** Answers with a whole page. */
  render(context: WebContext, page: PageOptions): Promise<Response>;
  /** One sentence and a way on, for what cannot be done. */
  sorry(context: WebContext, status: NonNullable<PageOptions['status']>, sentence: string): Promise<Response>;
  /** @param path begins with a slash; with the base path before it */
  href(path: string): string;
  /** Address of a file of `browser/` or `look/`. */
  asset(name: string): string;
}

/** Nothing but our own files, and no frame around us. */
const POLICY: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'font-src': "'self'",
  'connect-src': "'self'",
  'media-src': "'self' blob:",
  'worker-src': "'self'",
  'manifest-src': "'self'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
  'base-uri': "'none'",
};

export function contentSecurityPolicy(extra: PageOptions['csp'] = {}): string {
  return Object.entries(POLICY)
    .map(([directive, sources]) => `${directive} ${[sources, extra[directive]].filter(Boolean).join(' ')}`)
    .join('; ');
}

export function createPages({ basePath, assets }: { readonly basePath: string; readonly assets: Assets }): Pages {
  const href = (path: string): string => `${basePath}${path}`;
  const asset = (name: string): string => href(assets.path(name));

  async function render(context: WebContext, page: PageOptions): Promise<Response> {
    const { title, body, styles = [], scripts = [], csp, status = 200 } = page;
    const visitor = context.get('visitor');
    const preview = context.get('previewTitle');
    context.header('Content-Security-Policy', contentSecurityPolicy(csp));
    context.header('Cache-Control', 'private, no-store');
    // Browsers that may not say whence they come send forms with `Origin: null`. Elsewhere, nothing is said.
    context.header('Referrer-Policy', 'same-origin');
    const who =
      visitor === null
        ? html`<a href="${href('/sign-in')}">Sign in</a>`
        : html`<a href="${href('/library')}">Library</a>
            <a href="${href('/accounts')}">Accounts</a>
            <form method="post" action="${href('/sign-out')}"><button class="link">Sign out</button></form>`;
    return await context.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="dark light" />
            <title>${preview === null ? 'A shared song' : title} · Woodshed</title>
            ${preview == null ? '' : html`<meta property="og:title" content="${preview}" />`}
            <link rel="icon" href="${asset('look/icon.svg')}" type="image/svg+xml" />
            <link rel="stylesheet" href="${asset('look/style.css')}" />
            ${styles.map((style) => html`<link rel="stylesheet" href="${asset(style)}" />`)}
            ${scripts.map((script) => html`<script type="module" src="${asset(script)}"></script>`)}
          </head>
          <body>
            <a class="skip" href="#main">Skip to the page</a>
            <header>
              <a class="brand" href="${href(visitor === null ? '/' : '/library')}">Woodshed</a>
              <nav aria-label="Pages">${who}</nav>
            </header>
            <main id="main">${body}</main>
          </body>
        </html>`,
      status,
    );
  }

  return {
    render,
    href,
    asset,
    async sorry(context, status, sentence) {
      const body = html`<section class="card narrow"><h1>${sentence}</h1></section>`;
      return await render(context, { title: 'Sorry', body, status });
    },
  };
}
