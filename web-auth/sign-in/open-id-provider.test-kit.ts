/** A real OpenID provider on this machine: oidc-provider, which signs in whoever the test says, and asks nothing. */
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { SECRET_OF_APP } from './provider-double.test-kit.ts';

export interface OpenIdPerson {
  readonly sub: string;
  readonly [claim: string]: string | boolean;
}

export interface OpenIdServer {
  readonly issuer: string;
  /** Who is signed in there, in whatever browser. */
  person: OpenIdPerson;
  /** The address that codes are sent to; before anything else. */
  register(redirectUri: string): Promise<void>;
}

const SLACK_CLAIMS = ['https://slack.com/user_id', 'https://slack.com/team_id'];

export async function openOpenIdProvider(t: TestContext, person: OpenIdPerson): Promise<OpenIdServer> {
  let answer: RequestListener = (_request, response) => response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const kit: OpenIdServer = {
    issuer,
    person,
    async register(redirectUri) {
      const { privateKey } = await generateKeyPair('RS256', { extractable: true });
      const provider = new Provider(issuer, {
        clients: [{ client_id: 'app', client_secret: SECRET_OF_APP, redirect_uris: [redirectUri] }],
        jwks: { keys: [{ ...(await exportJWK(privateKey)), use: 'sig', alg: 'RS256', kid: 'k' }] },
        cookies: { keys: ['cookie-key'] },
        // Into the signed token, as Google and Slack do.
        conformIdTokenClaims: false,
        claims: { openid: ['sub', ...SLACK_CLAIMS], profile: ['name'], email: ['email', 'email_verified'] },
        scopes: ['openid', 'profile', 'email', 'https://www.googleapis.com/auth/youtube'],
        features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
        interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
        issueRefreshToken: async () => true,
        pkce: { required: () => false },
        findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ ...kit.person, sub: id }) }),
      });
      const inner = provider.callback();
      answer = (request, response) => {
        if (request.url?.startsWith('/interaction/') !== true) {
          inner(request, response).catch(() => response.destroy());
          return;
        }
        void (async () => {
          const { params, prompt } = await provider.interactionDetails(request, response);
          if (prompt.name === 'login') {
            const login = { accountId: kit.person.sub };
            await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: true });
            return;
          }
          const grant = new provider.Grant({ accountId: kit.person.sub, clientId: String(params['client_id']) });
          grant.addOIDCScope(String(params['scope']));
          const consent = { grantId: await grant.save() };
          await provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
        })();
      };
    },
  };
  return kit;
}
