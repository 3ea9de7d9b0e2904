import { ask, parseJson } from '../ask.ts';
import { OAuthError } from '../oauth-client.ts';

/** Asks a provider's API whose token it is. @throws OAuthError */
export async function whoAmI(url: string, accessToken: string): Promise<unknown> {
  const headers = { Authorization: `Bearer ${accessToken}`, Accept: 'application/json' };
  const { status, text } = await ask(url, { headers });
  if (status >= 500) throw new OAuthError('unreachable', `the provider answered ${String(status)}`);
  if (status !== 200) throw new OAuthError('refused', `the provider answered ${String(status)}`);
  return parseJson(text);
}
