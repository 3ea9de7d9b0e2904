import { createMiddleware } from 'hono/factory';
import type { WebEnv } from '../web.ts';

const SAFE = new Set(['GET', 'HEAD']);

/**
 * What changes something must come from one of our own pages: its `Origin` is ours, and where the browser says whence it fetches, that is
 * this site. A request without `Origin` is nobody's page.
 */
export function sameOrigin(origin: string): ReturnType<typeof createMiddleware<WebEnv>> {
  return createMiddleware<WebEnv>(async (context, next) => {
    const site = context.req.header('Sec-Fetch-Site');
    const isOurs = context.req.header('Origin') === origin && (site === undefined || site === 'same-origin');
    if (!SAFE.has(context.req.method) && !isOurs) {
      return context.text('This can only be done from a page of ours.\n', 403);
    }
    await next();
    return undefined;
  });
}
