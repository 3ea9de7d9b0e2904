/** Where an OpenID provider says everything lies (OpenID Connect Discovery 1.0). */
import { z } from 'zod';
import { ask, parseJson } from '../ask.ts';
import { OAuthError } from '../oauth-client.ts';
import type { ProviderEndpoints, Revocation } from '../provider.ts';

const KEPT_MS = 3_600_000;

const metadataSchema = z.looseObject({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  revocation_endpoint: z.url().optional(),
  code_challenge_methods_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});

export interface DiscoveryOptions {
  readonly issuer: string;
  /** `if-said`: where the provider does not name S256, the nonce alone binds the answer to us. */
  readonly pkce: 'always' | 'if-said';
  /** Replaces what the provider says. */
  readonly revoke?: Revocation;
}

/** Asked once an hour at most; a failure is not kept. */
export function createDiscovery({ issuer, pkce, revoke }: DiscoveryOptions): () => Promise<ProviderEndpoints> {
  let known: { readonly endpoints: Promise<ProviderEndpoints>; readonly until: number } | null = null;

  async function discover(): Promise<ProviderEndpoints> {
    const { status, text } = await ask(`${issuer}/.well-known/openid-configuration`);
    const parsed = metadataSchema.safeParse(parseJson(text));
    if (status !== 200 || !parsed.success || parsed.data.issuer !== issuer) {
      throw new OAuthError('nonsense', 'the provider does not describe itself');
    }
    const said = parsed.data;
    const hasS256 = said.code_challenge_methods_supported?.includes('S256') === true;
    if (pkce === 'always' && !hasS256) throw new OAuthError('nonsense', 'the provider does not know PKCE by S256');
    const offered = said.revocation_endpoint;
    return {
      authorize: said.authorization_endpoint,
      token: said.token_endpoint,
      revoke: revoke ?? (offered === undefined ? null : { url: offered, style: 'form' }),
      openId: {
        issuer,
        keysUrl: said.jwks_uri,
        sendsIssuer: said.authorization_response_iss_parameter_supported === true,
      },
      usesPkce: hasS256,
    };
  }

  return async () => {
    if (known === null || known.until < Date.now()) {
      const endpoints = discover();
      known = { endpoints, until: Date.now() + KEPT_MS };
      endpoints.catch(() => {
        known = null;
      });
    }
    return await known.endpoints;
  };
}
