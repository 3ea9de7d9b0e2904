/** What the rooms of signing in and accounts are built from. */
import type { Linking } from '../../db/linking.repository.ts';
import type { AccountProvider } from '../../db/linked-account.entity.ts';
import type { AccountTokens } from '../../db/account-tokens.repository.ts';
import type { LinkedAccounts } from '../../db/linked-accounts.repository.ts';
import type { SecondFactors } from '../../db/second-factors.repository.ts';
import type { SignInStates } from '../../db/sign-in-states.repository.ts';
import type { VisitorLimits } from '../door/visitors.ts';
import type { WebDeps } from '../web.ts';
import type { OAuthClient } from './oauth-client.ts';
import type { TelegramLogin } from './telegram-login.ts';

export interface SignInRules {
  /** Addresses, or `@domain` for all of them, in small letters; empty: everybody. */
  readonly emails: readonly string[];
  readonly inviteOnly: boolean;
  /** As `provider:subject`. */
  readonly operators: readonly string[];
  readonly operatorsNeedSecondFactor: boolean;
}

/** Texts at rest; see `runtime/seal.ts`. */
export interface TextSeal {
  readonly currentPrefix: string;
  close(text: string, boundTo: string): string;
  open(sealed: string, boundTo: string): string;
}

export interface SignInParts {
  readonly clients: ReadonlyMap<AccountProvider, OAuthClient>;
  /** Null where there is no bot. */
  readonly telegram: TelegramLogin | null;
  readonly rules: SignInRules;
  readonly seal: TextSeal;
  readonly linking: Linking;
  readonly states: SignInStates;
  readonly accounts: LinkedAccounts;
  readonly tokens: AccountTokens;
  readonly factors: SecondFactors;
  /** What changes something about signing in, of one address and of one member. */
  readonly limits: VisitorLimits;
  readonly now: () => Date;
}

export type SignInDeps = WebDeps & SignInParts;
