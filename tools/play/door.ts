/** Who may talk to the playroom's server: pages that it served itself, at a loopback address. */
import type { Context, MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** A page elsewhere whose name was pointed at 127.0.0.1 ("DNS rebinding") names itself in Host, and a form elsewhere in Origin. */
export const onlyOurPages: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host') ?? '';
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/u.test(host)) return refuse(context, 'open the playroom at 127.0.0.1');
  const origin = context.req.header('origin');
  if (origin !== undefined && origin !== `http://${host}`) return refuse(context, 'this is not a page of the playroom');
  const site = context.req.header('sec-fetch-site');
  if (context.req.method !== 'GET' && site !== undefined && site !== 'same-origin') {
    return refuse(context, 'this is not a page of the playroom');
  }
  await next();
  return undefined;
};

export const pageHeaders: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    mediaSrc: ["'self'"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  strictTransportSecurity: false,
  xFrameOptions: 'DENY',
});

function refuse(context: Context, why: string): Response {
  return context.json({ error: why }, 403);
}
