/** What a provider's token endpoint may answer. */
import { z } from 'zod';
import { parseJson } from './ask.ts';
import type { Answer } from './ask.ts';
import { OAuthError } from './oauth-client.ts';
import type { Tokens } from './oauth-client.ts';

const A_YEAR_SECONDS = 366 * 24 * 3600;
const token = z.string().min(1).max(16_384);

const tokensSchema = z.looseObject({
  access_token: token,
  token_type: z.string().regex(/^bearer$/iu),
  refresh_token: token.optional(),
  expires_in: z.number().int().min(1).max(A_YEAR_SECONDS).optional(),
  scope: z.string().max(4096).optional(),
  id_token: token.optional(),
});
/** Slack says no with 200. */
const refusalSchema = z.looseObject({ error: z.string().max(200) });

export interface TokenAnswer {
  readonly tokens: Tokens;
  readonly idToken: string | null;
}

/**
 * @param asked scopes: what an answer without `scope` grants (RFC 6749, section 5.1)
 * @throws OAuthError
 */
export function readTokenAnswer({ status, text }: Answer, asked: readonly string[], now: Date): TokenAnswer {
  if (status >= 500) throw new OAuthError('unreachable', `the provider answered ${String(status)}`);
  const body = parseJson(text);
  const refusal = refusalSchema.safeParse(body);
  if (refusal.success) {
    throw new OAuthError('refused', 'the provider gave no tokens', { code: refusal.data.error });
  }
  const parsed = tokensSchema.safeParse(body);
  if (status !== 200 || !parsed.success) {
    const wrong = parsed.success ? '' : parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new OAuthError('nonsense', `the provider's tokens make no sense: ${String(status)} ${wrong}`.trim());
  }
  const { access_token, refresh_token, expires_in, scope, id_token } = parsed.data;
  return {
    tokens: {
      accessToken: access_token,
      refreshToken: refresh_token ?? null,
      expiresAt: expires_in === undefined ? null : new Date(now.getTime() + expires_in * 1000),
      scopes: scope === undefined ? asked : scope.split(/[\s,]+/u).filter((part) => part !== ''),
    },
    idToken: id_token ?? null,
  };
}
