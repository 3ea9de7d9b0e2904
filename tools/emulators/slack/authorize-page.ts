/** "Add to Slack" as a person's browser sees it: where to, allow or cancel; and that browser, for tests. */
import type { SlackEmulation } from './emulation.ts';
import { encode } from './mrkdwn.ts';
import type { Reply } from './reply.ts';
import { SlackError } from './slack-error.ts';

const AUTHORIZE = '/oauth/v2/authorize';

/** `…/authorize` shows the choices; `…/authorize/allow` and `…/authorize/cancel` go back to the app. */
export function authorizePage(emulation: SlackEmulation, url: URL): Reply {
  const { app, world } = emulation;
  const { pathname, searchParams } = url;
  if (searchParams.get('client_id') !== app.clientId) return page(404, '<p>Invalid client_id parameter</p>');
  const redirectUri = searchParams.get('redirect_uri') ?? app.redirectUrls[0];
  if (redirectUri === undefined) return page(400, '<p>redirect_uri did not match any configured URIs.</p>');
  if (pathname === AUTHORIZE) {
    const links = [...world.workspaces.values()].flatMap(({ id, name, people }) =>
      [...people.values()].map((person) => {
        const query = new URLSearchParams([...searchParams, ['in', id], ['by', person.id]]).toString();
        return `<li>${encode(name)} as ${encode(person.realName)}: <a href="${encode(`${AUTHORIZE}/allow?${query}`)}">Allow</a> <a href="${encode(`${AUTHORIZE}/cancel?${query}`)}">Cancel</a></li>`;
      }),
    );
    const scopes = encode(searchParams.get('scope') ?? '');
    return page(
      200,
      `<h1>${encode(app.name)} wants to join</h1><p>It asks for: ${scopes}</p><ul>${links.join('')}</ul>`,
    );
  }
  const back = new URL(redirectUri);
  if (pathname === `${AUTHORIZE}/allow`) {
    try {
      const code = emulation.installations.consent({
        workspaceId: searchParams.get('in') ?? '',
        personId: searchParams.get('by') ?? '',
        scopes: (searchParams.get('scope') ?? '').split(',').filter(Boolean),
        redirectUri: searchParams.get('redirect_uri'),
      });
      back.searchParams.set('code', code);
    } catch (error) {
      if (error instanceof SlackError) return page(400, `<p>${error.code}</p>`);
      throw error;
    }
  } else {
    back.searchParams.set('error', 'access_denied');
  }
  back.searchParams.set('state', searchParams.get('state') ?? '');
  return { status: 302, headers: { location: back.href }, body: '' };
}

export interface Visit {
  readonly status: number;
  readonly url: string;
  readonly text: string;
}

/**
 * Goes the whole way in a browser of its own: the app's install page, Slack's consent page, and back to the app.
 * @throws RangeError where a page does not lead on
 */
export async function addToSlack(
  origin: string,
  installUrl: string,
  { personId, choice }: { readonly personId: string; readonly choice: 'allow' | 'cancel' },
): Promise<Visit> {
  const start = await fetch(installUrl, { redirect: 'manual' });
  const cookies = start.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  const toConsent = start.headers.get('location') ?? findLink(await start.text(), AUTHORIZE);
  const consent = await fetch(toConsent);
  const link = findLink(await consent.text(), `${AUTHORIZE}/${choice}`, `by=${personId}`);
  const chosen = await fetch(new URL(link, origin), { redirect: 'manual' });
  const back = chosen.headers.get('location');
  if (back === null) throw new RangeError(`the consent page answered ${await chosen.text()}`);
  const end = await fetch(back, { redirect: 'manual', headers: { cookie: cookies.join('; ') } });
  return { status: end.status, url: back, text: await end.text() };
}

function findLink(html: string, ...parts: readonly string[]): string {
  const links = [...html.matchAll(/href="([^"]+)"/gu)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
  const found = links.find((href) => parts.every((part) => href.includes(part)));
  if (found === undefined) throw new RangeError(`no link to ${parts.join(' ')} in: ${html.slice(0, 400)}`);
  return found;
}

function page(status: number, body: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!DOCTYPE html><html><head><title>Slack</title></head><body>${body}</body></html>`,
  };
}
