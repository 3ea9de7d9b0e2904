/** Which browser it is that was sent to a provider: a random name in a cookie, so that only that browser may come back. */
import { randomBytes } from 'node:crypto';
import { getCookie, setCookie } from 'hono/cookie';
import type { WebContext, WebPlace } from '../web.ts';

const NAME_BYTES = 32;
const NAME = /^[\w-]{43}$/u;
const KEPT_SECONDS = 600;

/** What the browser brought; null for none, or for two of one name, of which one was slipped in. */
export function browserOf(context: WebContext, place: WebPlace): string | null {
  const name = cookieName(place);
  const cookies = (context.req.header('Cookie') ?? '').split(';').filter((part) => part.trim().startsWith(`${name}=`));
  const value = cookies.length === 1 ? getCookie(context, name) : undefined;
  return value !== undefined && NAME.test(value) ? value : null;
}

/** Names the browser anew, unless it has a name. */
export function nameBrowser(context: WebContext, place: WebPlace): string {
  const browser = browserOf(context, place) ?? randomBytes(NAME_BYTES).toString('base64url');
  // Lax: the browser comes back from a foreign page.
  const options = { httpOnly: true, secure: place.isHttps, sameSite: 'Lax', path: '/', maxAge: KEPT_SECONDS } as const;
  setCookie(context, cookieName(place), browser, options);
  return browser;
}

function cookieName({ isHttps }: WebPlace): string {
  return isHttps ? '__Host-browser' : 'browser';
}
