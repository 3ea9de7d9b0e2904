/** All pages but the links to files: who looks is known, and what changes something is ours, before a room is asked. */
import { Hono } from 'hono';
import { clientAddress } from './door/client-address.ts';
import { addAssets } from './look/asset-pages.ts';
import type { Assets } from './look/assets.ts';
import { sameOrigin } from './door/same-origin.ts';
import type { PageRoom, WebContext, WebDeps, WebEnv } from './web.ts';

/** Forms are short. What is uploaded comes as this type, and its room counts it. */
const LARGEST_FORM_BYTES = 64 * 1024;
const UPLOAD_TYPE = 'application/offset+octet-stream';

export interface WebAppOptions {
  readonly deps: WebDeps;
  readonly assets: Assets;
  readonly rooms: readonly PageRoom[];
}

/** Paths come without the base path. */
export function createWebApp({ deps, assets, rooms }: WebAppOptions): Hono<WebEnv> {
  const { place, sessions, pages, log } = deps;
  const app = new Hono<WebEnv>();
  addAssets(app, assets);
  app.use(sameOrigin(place.origin));
  app.use(async (context, next) => (isTooLong(context) ? context.text('That is too long.\n', 413) : await next()));
  app.use(async (context, next) => {
    const found = await sessions.visitor(context.req.header('Cookie'));
    context.set('visitor', found?.visitor ?? null);
    context.set('address', clientAddress(context.env.incoming));
    await next();
    if (found?.setCookie != null && !context.res.headers.has('Set-Cookie'))
      context.header('Set-Cookie', found.setCookie);
  });
  for (const room of rooms) room(app, deps);
  // The same for whatever it is that they may not see.
  app.notFound(async (context) => {
    const isKnown = context.get('visitor') !== null;
    return await pages.sorry(
      context,
      404,
      isKnown ? 'There is nothing here.' : 'Nothing here, or not before signing in.',
    );
  });
  app.onError(async (error, context) => {
    // Paths and queries may be keys: neither is in any log.
    log.warn({ err: error }, 'a page could not be answered');
    return await pages.sorry(context, 503, 'Something went wrong here. Try again in a moment.');
  });
  return app;
}

/** Node takes no more than was said, so what is said is enough; a form of a browser always says it. */
function isTooLong({ req }: WebContext): boolean {
  const isUpload = req.header('Content-Type') === UPLOAD_TYPE;
  const says = Number(req.header('Content-Length') ?? 0);
  return !isUpload && (req.header('Transfer-Encoding') !== undefined || !(says <= LARGEST_FORM_BYTES));
}
