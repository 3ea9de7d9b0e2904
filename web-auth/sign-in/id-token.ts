/** What an OpenID provider signed about a person: jose, behind one function. */
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose';
import { z } from 'zod';
import { ASK_LIMITS, askAsFetch } from './ask.ts';
import { OAuthError } from './oauth-client.ts';
import type { OpenIdKeys } from './provider.ts';

const CLOCK_TOLERANCE_SECONDS = 60;
/** We asked a moment ago: an older one is from somewhere else. */
const OLDEST = '10 minutes';
/** Signatures by a key of the provider; none that a shared secret could make. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];

const claimsSchema = z.looseObject({
  sub: z.string().min(1).max(255),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  nonce: z.string().optional(),
});
export type IdTokenClaims = z.output<typeof claimsSchema>;

export type CheckIdToken = (
  idToken: string,
  expected: { readonly clientId: string; readonly nonce: string },
) => Promise<IdTokenClaims>;

/** Checks signature, issuer, audience, times and nonce. Keys are asked for when one is missing, and kept. @throws OAuthError */
export function createIdTokenCheck({ issuer, keysUrl }: OpenIdKeys): CheckIdToken {
  const keys = createRemoteJWKSet(new URL(keysUrl), {
    timeoutDuration: ASK_LIMITS.timeoutMs,
    [customFetch]: async (url, { method, headers, signal }) => await askAsFetch(url, { method, headers, signal }),
  });
  return async (idToken, { clientId, nonce }) => {
    const claims = await jwtVerify(idToken, keys, {
      issuer,
      audience: clientId,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'iat', 'sub'],
      maxTokenAge: OLDEST,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    }).then(
      ({ payload }) => claimsSchema.parse(payload),
      (error: unknown) => {
        if (error instanceof OAuthError) throw error;
        throw new OAuthError('nonsense', 'what the provider signed does not hold', { cause: error });
      },
    );
    if (claims.nonce !== nonce) throw new OAuthError('nonsense', 'what the provider signed was for another sign-in');
    const isForOthersToo = Array.isArray(claims.aud) && claims.aud.length > 1;
    if ((isForOthersToo || claims.azp !== undefined) && claims.azp !== clientId) {
      throw new OAuthError('nonsense', 'what the provider signed was for another application');
    }
    return claims;
  };
}
