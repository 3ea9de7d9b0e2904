/**
 * By which providers people sign in on the web pages, and which accounts they may connect. A provider without its names is off. Each can be
 * pointed elsewhere by one address, for tests and for play.
 */
import type { EnvironmentReader } from './environment.ts';

/** An application that was registered at a provider. */
export interface RegisteredApp {
  readonly clientId: string;
  /** Null for a public client, which shows itself by PKCE alone. */
  readonly clientSecret: string | null;
  /** Null: the provider's own address. No slash at its end. */
  readonly url: string | null;
}

export interface TelegramLogin {
  /** The bot's: Telegram signs what it says about people with it. */
  readonly token: string;
  readonly url: string | null;
}

export interface SignInConfig {
  readonly discord: RegisteredApp | null;
  readonly slack: RegisteredApp | null;
  /** Any OpenID provider can stand in for it. */
  readonly google: RegisteredApp | null;
  readonly telegram: TelegramLogin | null;
  /** Accounts only: nobody signs in with them. */
  readonly spotify: RegisteredApp | null;
  readonly tone3000: RegisteredApp | null;
  /** Addresses that may sign in, such as `ada@example.org`, or `@example.org` for all of them; empty: everybody. Small letters. */
  readonly emails: readonly string[];
  /** Only whom a chat has given a link, or who has spoken in one, gets in for the first time. */
  readonly inviteOnly: boolean;
  /** As `provider:id`, such as `discord:80351110224678912`; the accounts page shows one's own. */
  readonly operators: readonly string[];
  /** Operators type a code of an authenticator app before they see any page. */
  readonly operatorsNeedSecondFactor: boolean;
}

/** The part of it that stands in woodshed.yaml. */
export type SignInRules = Pick<SignInConfig, 'emails' | 'inviteOnly' | 'operators' | 'operatorsNeedSecondFactor'>;

export type SignInProviders = Omit<SignInConfig, keyof SignInRules>;

export function readSignInProviders(env: EnvironmentReader): SignInProviders {
  const token = env.text('TELEGRAM_TOKEN');
  const telegramUrl = address(env, 'TELEGRAM_LOGIN_URL');
  return {
    discord: readApp(env, 'DISCORD', 'DISCORD_OAUTH_URL'),
    slack: readApp(env, 'SLACK', 'SLACK_ISSUER_URL'),
    google: readApp(env, 'GOOGLE', 'GOOGLE_ISSUER_URL'),
    telegram: token === null ? null : { token, url: telegramUrl },
    spotify: readApp(env, 'SPOTIFY', 'SPOTIFY_OAUTH_URL'),
    tone3000: readApp(env, 'TONE3000', 'TONE3000_URL', 'public'),
  };
}

function readApp(
  env: EnvironmentReader,
  name: string,
  urlName: string,
  kind: 'confidential' | 'public' = 'confidential',
): RegisteredApp | null {
  const clientId = env.text(`${name}_CLIENT_ID`);
  const clientSecret = env.text(`${name}_CLIENT_SECRET`);
  const url = address(env, urlName);
  if (clientId === null && clientSecret !== null) {
    env.problem(`${name}_CLIENT_ID is not set, and ${name}_CLIENT_SECRET is: signing in needs both`);
  }
  if (clientId !== null && clientSecret === null && kind === 'confidential') {
    env.problem(`${name}_CLIENT_SECRET is not set, and ${name}_CLIENT_ID is: signing in needs both`);
  }
  return clientId === null ? null : { clientId, clientSecret, url };
}

function address(env: EnvironmentReader, name: string): string | null {
  const url = env.url(name, ['http:', 'https:']);
  if (url !== null && new URL(url).protocol === 'http:' && !isThisMachine(new URL(url).hostname)) {
    env.problem(`${name} must begin with https://, but for an address of this machine: secrets are sent there`);
  }
  return url?.replace(/\/+$/u, '') ?? null;
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
}
