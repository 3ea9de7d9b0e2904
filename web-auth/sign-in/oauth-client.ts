/** What this room needs of a provider: to send a browser there, and to learn who came back. */
import type { AccountProvider } from '../../db/linked-account.entity.ts';

export interface OAuthClient {
  readonly provider: AccountProvider;
  /** As people know it, such as `Google`. */
  readonly label: string;
  /** Where nobody signs in with it, only an account can be connected. */
  readonly isForSignIn: boolean;
  /** @throws OAuthError */
  begin(
    request: OAuthRequest,
  ): Promise<{ readonly url: string; readonly state: string; readonly secrets: OAuthSecrets }>;
  /** Trades the code for tokens, once, and asks whose they are. @throws OAuthError */
  finish(answer: OAuthAnswer): Promise<{ readonly person: Person; readonly tokens: Tokens }>;
  /** @throws OAuthError; of kind `refused` with code `invalid_grant` where the token is good no more */
  refresh(refreshToken: string): Promise<Tokens>;
  /** `not-offered`: the provider takes tokens back on its own pages alone. @throws OAuthError */
  revoke(tokens: Pick<Tokens, 'accessToken' | 'refreshToken'>): Promise<'revoked' | 'not-offered'>;
}

export type OAuthUse = 'sign-in' | 'connect';

export interface OAuthRequest {
  readonly use: OAuthUse;
  readonly redirectUri: string;
  /** Ask for the e-mail address too. */
  readonly withEmail: boolean;
}

/** Kept here while the browser is away. */
export interface OAuthSecrets {
  readonly verifier: string | null;
  readonly nonce: string | null;
  /** What has to be granted. */
  readonly scopes: readonly string[];
}

export interface OAuthAnswer {
  readonly code: string;
  /** `iss` of the answer; null where it had none. */
  readonly issuer: string | null;
  readonly redirectUri: string;
  readonly secrets: OAuthSecrets;
}

/** Whose account it is, as the provider says. */
export interface Person {
  readonly subject: string;
  readonly displayName: string;
  /** Verified by the provider, in small letters; null where it is not, or was not asked for. */
  readonly email: string | null;
  /** As this provider's chats name the same person. */
  readonly chatUser: { readonly userId: string; readonly botId: string | null } | null;
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly expiresAt: Date | null;
  readonly scopes: readonly string[];
}

/** `refused`: it said no. `unreachable`: no answer came. `nonsense`: the answer was none that we can trust. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly kind: 'refused' | 'unreachable' | 'nonsense';
  /** The provider's own word for why, such as `invalid_grant`; null where it gave none. */
  readonly code: string | null;

  constructor(
    kind: OAuthError['kind'],
    message: string,
    { code = null, cause }: { code?: string | null; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.kind = kind;
    this.code = code;
  }
}
