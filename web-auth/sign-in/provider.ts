/** What differs between providers; `arctic-client.ts` makes a client of it. */
import type { AccountProvider } from '../../db/linked-account.entity.ts';
import type { IdTokenClaims } from './id-token.ts';
import type { OAuthUse, Person } from './oauth-client.ts';

/** An application that was registered at a provider. */
export interface RegisteredApp {
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** Null: the provider's own address. */
  readonly url: string | null;
}

export interface ProviderEndpoints {
  readonly authorize: string;
  readonly token: string;
  /** Takes tokens back; null where there is none. */
  readonly revoke: Revocation | null;
  /** Of OpenID providers; null for the others. */
  readonly openId: OpenIdKeys | null;
  readonly usesPkce: boolean;
}

export interface Revocation {
  readonly url: string;
  /** As RFC 7009 has it, or by a request that the token itself authorises. */
  readonly style: 'form' | 'bearer';
}

export interface OpenIdKeys {
  readonly issuer: string;
  readonly keysUrl: string;
  /** The provider promises `iss` in its answers (RFC 9207). */
  readonly sendsIssuer: boolean;
}

export interface Provider {
  readonly provider: AccountProvider;
  readonly label: string;
  readonly isForSignIn: boolean;
  readonly app: RegisteredApp;
  /** Looked up once it is needed. @throws OAuthError */
  endpoints(): Promise<ProviderEndpoints>;
  scopes(use: OAuthUse, withEmail: boolean): readonly string[];
  /** Further parameters of the address that browsers are sent to. */
  extras(use: OAuthUse): Readonly<Record<string, string>>;
  /** @throws OAuthError, ZodError for an answer that makes no sense */
  person(accessToken: string, claims: IdTokenClaims | null): Promise<Person>;
}
