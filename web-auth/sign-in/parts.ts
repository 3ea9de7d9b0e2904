/** Everything that signing in and accounts stand on, made of the configuration. */
import { createAccountTokens } from '../../db/account-tokens.repository.ts';
import { createLinkedAccounts } from '../../db/linked-accounts.repository.ts';
import { createLinking } from '../../db/linking.repository.ts';
import type { Database } from '../../db/orm.ts';
import { createSecondFactors } from '../../db/second-factors.repository.ts';
import { createSignInStates } from '../../db/sign-in-states.repository.ts';
import { createClients } from './providers/all.ts';
import type { RegisteredApps } from './providers/all.ts';
import { SIGN_IN_LIMITS } from './room.ts';
import type { SignInParts, SignInRules, TextSeal } from './settings.ts';
import type { TelegramLogin } from './telegram-login.ts';

export interface SignInSettings extends SignInRules, RegisteredApps {
  readonly telegram: TelegramLogin | null;
}

export function createSignInParts(
  database: Database,
  settings: SignInSettings,
  seal: TextSeal,
  now: () => Date = () => new Date(),
): SignInParts {
  return {
    clients: createClients(settings),
    telegram: settings.telegram,
    rules: settings,
    seal,
    linking: createLinking(database),
    states: createSignInStates(database),
    accounts: createLinkedAccounts(database),
    tokens: createAccountTokens(database),
    factors: createSecondFactors(database),
    limits: SIGN_IN_LIMITS,
    now,
  };
}
