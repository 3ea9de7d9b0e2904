/**
 * What Discord, Spotify, Tone 3000 and an OpenID provider say in a sign-in, as their documents have it, and a will to misbehave. Paths of all of
 * them are answered by one server.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Of every application in the tests; a canary: it may stand nowhere but in requests to providers. */
export const SECRET_OF_APP = 'canary-client-secret-7f3a';

export type TokenTrick =
  | 'hang'
  | 'redirect'
  | 'html'
  | 'gigabyte'
  | 'no-access-token'
  | 'invalid-grant'
  | 'server-error'
  | { readonly answer: Readonly<Record<string, unknown>> };

export interface IdTokenTrick {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signedBy?: 'stranger' | 'nobody' | 'shared-secret';
}

export interface ProviderDouble {
  readonly url: string;
  person: {
    readonly id: string;
    readonly name: string;
    readonly email: string | null;
    readonly claims?: Readonly<Record<string, string>>;
  };
  trick: TokenTrick | null;
  idTokenTrick: IdTokenTrick | null;
  /** Replaces the scopes that were asked for. */
  grantedScopes: string | null;
  /** What Telegram writes behind the `#`. */
  telegramResult: string;
  expiresInSeconds: number;
  challengeMethods: readonly string[];
  /** Requests by path, such as `/api/oauth2/token`. */
  readonly asked: {
    readonly path: string;
    readonly form: URLSearchParams;
    readonly authorization: string | undefined;
  }[];
  readonly revoked: string[];
  /** Bytes of an endless answer that went out. */
  sentBytes: number;
  tokenCalls(): number;
  /** As if another application, or another browser, had got a code there. */
  makeCode(redirectUri: string, options?: { nonce?: string; challenge?: string }): string;
}

interface Code {
  readonly redirectUri: string;
  readonly challenge: string | null;
  readonly nonce: string | null;
  readonly scope: string;
}

export async function openProviderDouble(t: TestContext): Promise<ProviderDouble> {
  const codes = new Map<string, Code>();
  const refreshTokens = new Set<string>();
  const keys = await generateKeyPair('RS256', { extractable: true });
  const strange = await generateKeyPair('RS256', { extractable: true });
  const publicKey = { ...(await exportJWK(keys.publicKey)), kid: 'k', alg: 'RS256', use: 'sig' };
  let count = 0;

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const double: ProviderDouble = {
    url,
    person: { id: '80351110224678912', name: 'Ada', email: 'ada@example.org' },
    trick: null,
    idTokenTrick: null,
    grantedScopes: null,
    telegramResult: 'false',
    expiresInSeconds: 3600,
    challengeMethods: ['plain', 'S256'],
    asked: [],
    revoked: [],
    sentBytes: 0,
    tokenCalls: () => double.asked.filter(({ path }) => path.endsWith('/token')).length,
    makeCode(redirectUri, { nonce, challenge } = {}) {
      const code = `canary-code-${String((count += 1))}`;
      codes.set(code, { redirectUri, challenge: challenge ?? null, nonce: nonce ?? null, scope: 'openid identify' });
      return code;
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const form = new URLSearchParams(await textOf(request));
    const { authorization } = request.headers;
    double.asked.push({ path: pathname, form, authorization });
    if (pathname === '/.well-known/openid-configuration') return json(response, 200, metadata());
    if (pathname === '/jwks') return json(response, 200, { keys: [publicKey] });
    if (pathname === '/auth') {
      const back = `${searchParams.get('return_to') ?? ''}#tgAuthResult=${double.telegramResult}`;
      return void response.writeHead(302, { Location: back }).end();
    }
    if (pathname.endsWith('/authorize')) return authorize(searchParams, response);
    if (pathname.endsWith('/revoke') || pathname.endsWith('/auth.revoke')) {
      double.revoked.push(form.get('token') ?? authorization ?? '');
      return json(response, 200, { ok: true });
    }
    if (pathname.endsWith('/token')) return await token(form, response);
    const isMe = ['/api/v10/users/@me', '/v1/me', '/api/v1/user'].includes(pathname);
    if (isMe && authorization?.startsWith('Bearer canary-access') === true) return json(response, 200, me());
    return json(response, isMe ? 401 : 404, { message: 'no' });
  }

  function metadata(): unknown {
    return {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      revocation_endpoint: `${url}/revoke`,
      code_challenge_methods_supported: double.challengeMethods,
      authorization_response_iss_parameter_supported: true,
    };
  }

  function me(): unknown {
    const { id, name, email } = double.person;
    return { id, username: name, display_name: name, global_name: name, email, verified: email !== null };
  }

  function authorize(asked: URLSearchParams, response: ServerResponse): void {
    const redirectUri = asked.get('redirect_uri') ?? '';
    const code = `canary-code-${String((count += 1))}`;
    codes.set(code, {
      redirectUri,
      challenge: asked.get('code_challenge'),
      nonce: asked.get('nonce'),
      scope: double.grantedScopes ?? asked.get('scope') ?? '',
    });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    if (asked.has('nonce')) back.searchParams.set('iss', url);
    response.writeHead(302, { Location: back.href }).end();
  }

  async function token(form: URLSearchParams, response: ServerResponse): Promise<void> {
    const { trick } = double;
    if (trick === 'hang') return;
    if (trick === 'redirect') return void response.writeHead(302, { Location: `${url}/jwks` }).end();
    if (trick === 'html') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Sorry</h1>');
    if (trick === 'gigabyte') return await sendGigabyte(response);
    if (trick === 'server-error') return json(response, 500, { error: 'oops' });
    if (trick === 'invalid-grant') return json(response, 400, { error: 'invalid_grant' });
    if (form.get('grant_type') === 'refresh_token') return refresh(form.get('refresh_token') ?? '', response);
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const verifier = form.get('code_verifier');
    const proof = verifier === null ? null : createHash('sha256').update(verifier).digest('base64url');
    if (code === undefined || code.redirectUri !== form.get('redirect_uri') || code.challenge !== proof) {
      return json(response, 400, { error: 'invalid_grant' });
    }
    const idToken = code.nonce === null ? {} : { id_token: await signIdToken(code.nonce) };
    const answered: Record<string, unknown> = { ...newTokens(), scope: code.scope, ...idToken };
    if (trick === 'no-access-token') delete answered['access_token'];
    else if (trick !== null) Object.assign(answered, trick.answer);
    return json(response, 200, answered);
  }

  function refresh(refreshToken: string, response: ServerResponse): void {
    // Each is good once, as Tone 3000 has it.
    if (!refreshTokens.delete(refreshToken)) return json(response, 400, { error: 'invalid_grant' });
    return json(response, 200, newTokens());
  }

  function newTokens(): Record<string, unknown> {
    const number = String((count += 1));
    refreshTokens.add(`canary-refresh-${number}`);
    return {
      access_token: `canary-access-${number}`,
      token_type: 'Bearer',
      refresh_token: `canary-refresh-${number}`,
      expires_in: double.expiresInSeconds,
    };
  }

  async function signIdToken(nonce: string): Promise<string> {
    const { claims = {}, signedBy } = double.idTokenTrick ?? {};
    const nowSeconds = Math.floor(Date.now() / 1000);
    const { id, name, email } = double.person;
    const address = email === null ? {} : { email, email_verified: true };
    const said = { sub: id, name, nonce, iss: url, aud: 'app', ...address, ...double.person.claims };
    const payload = { ...said, iat: nowSeconds, exp: nowSeconds + 300, ...claims };
    if (signedBy === 'nobody') {
      return `${[{ alg: 'none' }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
    }
    const jwt = new SignJWT(payload);
    if (signedBy === 'shared-secret') {
      return await jwt.setProtectedHeader({ alg: 'HS256', kid: 'k' }).sign(Buffer.from(SECRET_OF_APP.padEnd(32, '.')));
    }
    const { privateKey } = signedBy === 'stranger' ? strange : keys;
    return await jwt.setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(privateKey);
  }

  async function sendGigabyte(response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const piece = Buffer.alloc(1 << 20, 0x20);
    for (let megabytes = 0; megabytes < 1024 && !response.destroyed; megabytes++) {
      double.sentBytes += piece.length;
      if (!response.write(piece)) {
        await new Promise<void>((resolve) => {
          response.once('drain', resolve);
          response.once('close', resolve);
        });
      }
    }
    response.end();
  }

  return double;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
