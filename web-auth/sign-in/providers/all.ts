import type { AccountProvider } from '../../../db/linked-account.entity.ts';
import { createArcticClient } from '../arctic-client.ts';
import type { OAuthClient } from '../oauth-client.ts';
import type { Provider, RegisteredApp } from '../provider.ts';
import { discordProvider } from './discord.ts';
import { googleProvider } from './google.ts';
import { slackProvider } from './slack.ts';
import { spotifyProvider } from './spotify.ts';
import { tone3000Provider } from './tone3000.ts';

const PROVIDERS = {
  discord: discordProvider,
  slack: slackProvider,
  google: googleProvider,
  spotify: spotifyProvider,
  tone3000: tone3000Provider,
} satisfies Partial<Record<AccountProvider, (app: RegisteredApp) => Provider>>;

export type RegisteredApps = Readonly<Record<keyof typeof PROVIDERS, RegisteredApp | null>>;

/** A client for each provider at which an application is registered, in the order in which people are offered them. */
export function createClients(apps: RegisteredApps): ReadonlyMap<AccountProvider, OAuthClient> {
  const clients = new Map<AccountProvider, OAuthClient>();
  for (const name of Object.keys(PROVIDERS) as (keyof typeof PROVIDERS)[]) {
    const app = apps[name];
    if (app !== null) clients.set(name, createArcticClient(PROVIDERS[name](app)));
  }
  return clients;
}
