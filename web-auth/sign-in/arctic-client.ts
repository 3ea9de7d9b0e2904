/**
 * A provider's client: arctic makes the addresses, states and verifiers. The requests are our own, since arctic's have neither a time limit
 * nor a size limit and follow redirects.
 */
import { randomBytes } from 'node:crypto';
import { CodeChallengeMethod, generateCodeVerifier, generateState, OAuth2Client } from 'arctic';
import { z } from 'zod';
import { ask } from './ask.ts';
import { createIdTokenCheck } from './id-token.ts';
import type { CheckIdToken, IdTokenClaims } from './id-token.ts';
import { OAuthError } from './oauth-client.ts';
import type { OAuthClient } from './oauth-client.ts';
import type { OpenIdKeys, Provider } from './provider.ts';
import { readTokenAnswer } from './token-answer.ts';
import type { TokenAnswer } from './token-answer.ts';

const NONCE_BYTES = 32;
const FORM = 'application/x-www-form-urlencoded';

export function createArcticClient(provider: Provider, now: () => Date = () => new Date()): OAuthClient {
  const { clientId, clientSecret } = provider.app;
  const checks = new Map<string, CheckIdToken>();

  /** RFC 6749, section 2.3.1; a public client names itself. */
  async function post(url: string, form: Readonly<Record<string, string>>): Promise<Awaited<ReturnType<typeof ask>>> {
    const body = new URLSearchParams(clientSecret === null ? { ...form, client_id: clientId } : form);
    const headers = new Headers({ 'Content-Type': FORM, Accept: 'application/json' });
    if (clientSecret !== null) {
      const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
      headers.set('Authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
    }
    return await ask(url, { method: 'POST', headers, body: body.toString() });
  }

  async function claimsOf(openId: OpenIdKeys, { idToken }: TokenAnswer, nonce: string | null): Promise<IdTokenClaims> {
    if (idToken === null || nonce === null) throw new OAuthError('nonsense', 'the provider signed nothing');
    const check = checks.get(openId.keysUrl) ?? createIdTokenCheck(openId);
    checks.set(openId.keysUrl, check);
    return await check(idToken, { clientId, nonce });
  }

  return {
    provider: provider.provider,
    label: provider.label,
    isForSignIn: provider.isForSignIn,

    async begin({ use, redirectUri, withEmail }) {
      const { authorize, usesPkce, openId } = await provider.endpoints();
      const client = new OAuth2Client(clientId, clientSecret, redirectUri);
      const state = generateState();
      const verifier = usesPkce ? generateCodeVerifier() : null;
      const nonce = openId === null ? null : randomBytes(NONCE_BYTES).toString('base64url');
      const scopes = provider.scopes(use, withEmail);
      const url =
        verifier === null
          ? client.createAuthorizationURL(authorize, state, [...scopes])
          : client.createAuthorizationURLWithPKCE(authorize, state, CodeChallengeMethod.S256, verifier, [...scopes]);
      if (nonce !== null) url.searchParams.set('nonce', nonce);
      for (const [name, value] of Object.entries(provider.extras(use))) url.searchParams.set(name, value);
      return { url: url.href, state, secrets: { verifier, nonce, scopes } };
    },

    async finish({ code, issuer, redirectUri, secrets }) {
      const { token, openId } = await provider.endpoints();
      // Another provider's answer, brought to our address for this one (RFC 9207).
      if (openId !== null && (issuer === null ? openId.sendsIssuer : issuer !== openId.issuer)) {
        throw new OAuthError('nonsense', 'the answer is not from this provider');
      }
      const { verifier, nonce, scopes } = secrets;
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
      const answer = readTokenAnswer(
        await post(token, verifier === null ? form : { ...form, code_verifier: verifier }),
        scopes,
        now(),
      );
      const claims = openId === null ? null : await claimsOf(openId, answer, nonce);
      const { tokens } = answer;
      const missing = openId === null ? scopes.filter((scope) => !tokens.scopes.includes(scope)) : [];
      if (missing.length > 0) throw new OAuthError('refused', 'not all was granted', { code: 'scope' });
      const person = await provider.person(tokens.accessToken, claims).catch((error: unknown) => {
        if (error instanceof z.ZodError) throw new OAuthError('nonsense', 'the provider says nobody’s account');
        throw error;
      });
      return { person, tokens };
    },

    async refresh(refreshToken) {
      const { token } = await provider.endpoints();
      const { tokens } = readTokenAnswer(
        await post(token, { grant_type: 'refresh_token', refresh_token: refreshToken }),
        [],
        now(),
      );
      // Where the provider gives no new one, the old one stays good.
      return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
    },

    async revoke({ accessToken, refreshToken }) {
      const { revoke } = await provider.endpoints();
      if (revoke === null) return 'not-offered';
      const { status } =
        revoke.style === 'form'
          ? await post(revoke.url, { token: refreshToken ?? accessToken })
          : await ask(revoke.url, { method: 'POST', headers: { Authorization: `Bearer ${accessToken}` } });
      // 400 and 401: it was good no more.
      if (status >= 500 || (status >= 402 && status < 500)) {
        throw new OAuthError('unreachable', `the provider answered ${String(status)}`);
      }
      return 'revoked';
    },
  };
}
