/** Bolt in its two ways: one workspace by Socket Mode, or many over HTTP, each with an installation of its own. */
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import type { InstallationStore, Logger } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { createAuthorizer } from './authorizer.ts';
import { clientOptions, createClient } from './clients.ts';
import { forgetRevoked } from './forget-revoked.ts';
import { openHttpDoor } from './http-door.ts';
import { ledgerFirst } from './ledger-first.ts';
import { BOT_SCOPES } from './manifest.ts';
import { createMethodLimits } from './method-limits.ts';
import type { MethodLimits } from './method-limits.ts';

export interface SlackConnection {
  readonly app: App;
  /** The client of a workspace. @throws SendError `gone` where the app is not installed there. */
  readonly clientOf: (teamId: string) => Promise<WebClient>;
  /** Whether events can come in now. */
  readonly isConnected: () => boolean;
  /** From here on events come in. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface SocketOptions {
  readonly apiUrl: string | null;
  readonly botToken: string;
  readonly appToken: string;
}

/** After this long without a sign of life a connection is built up again. */
const PING_LIMIT_MS = 5000;
const HTTP_HOST = '0.0.0.0';
const STATE_BYTES_LEAST = 32;

export function connectBySocket({ apiUrl, botToken, appToken }: SocketOptions, logger: Logger): SlackConnection {
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    clientPingTimeout: PING_LIMIT_MS,
    installerOptions: { clientOptions: clientOptions(apiUrl) },
    // What could not be written down stays unacknowledged.
    processEventErrorHandler: async () => await Promise.resolve(false),
  });
  const app = new App({
    receiver: ledgerFirst(receiver),
    token: botToken,
    clientOptions: clientOptions(apiUrl),
    logger,
    ignoreSelf: true,
  });
  const client = createClient(botToken, apiUrl, createMethodLimits());
  let isConnected = false;
  for (const [event, isUp] of [
    ['connected', true],
    ['reconnecting', false],
    ['disconnected', false],
    ['close', false],
  ] as const) {
    receiver.client.on(event, () => {
      isConnected = isUp;
    });
  }
  return {
    app,
    isConnected: () => isConnected,
    clientOf: async () => await Promise.resolve(client),
    start: async () => void (await app.start()),
    stop: async () => void (await app.stop()),
  };
}

export interface HttpOptions {
  readonly apiUrl: string | null;
  readonly port: number;
  readonly signingSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Signs the state of an installation that is under way. */
  readonly stateSecret: string;
}

export function connectByHttp(options: HttpOptions, store: InstallationStore, logger: Logger): SlackConnection {
  const { apiUrl, port, signingSecret, clientId, clientSecret, stateSecret } = options;
  if (stateSecret.length < STATE_BYTES_LEAST) throw new RangeError('the secret of installations is too short');
  const receiver = new HTTPReceiver({
    signingSecret,
    clientId,
    clientSecret,
    stateSecret,
    scopes: [...BOT_SCOPES],
    installationStore: store,
    endpoints: '/slack/events',
    logger,
    installerOptions: {
      clientOptions: clientOptions(apiUrl),
      ...(apiUrl === null ? {} : { authorizationUrl: new URL('/oauth/v2/authorize', apiUrl).href }),
    },
    processEventErrorHandler: async ({ response }) => {
      if (!response.headersSent) response.writeHead(500).end();
      return await Promise.resolve(false);
    },
  });
  const { installer } = receiver;
  if (installer === undefined) throw new TypeError('Bolt made no installer');
  const authorizer = createAuthorizer(installer.authorize.bind(installer));
  const app = new App({
    receiver: ledgerFirst(receiver),
    authorize: authorizer.authorize,
    clientOptions: clientOptions(apiUrl),
    logger,
    ignoreSelf: true,
  });
  forgetRevoked(app, store, apiUrl);
  const limitsOf = limitsByTeam();
  let door: Awaited<ReturnType<typeof openHttpDoor>> | null = null;
  return {
    app,
    isConnected: () => door !== null,
    clientOf: async (teamId) => createClient(await authorizer.botToken(teamId), apiUrl, limitsOf(teamId)),
    async start() {
      door = await openHttpDoor(port, HTTP_HOST, receiver.requestListener);
    },
    async stop() {
      await door?.stop();
      door = null;
    },
  };
}

/** A workspace's tokens change, its waits do not. */
function limitsByTeam(): (teamId: string) => MethodLimits {
  const known = new Map<string, MethodLimits>();
  return (teamId) => {
    const limits = known.get(teamId) ?? createMethodLimits();
    known.set(teamId, limits);
    return limits;
  };
}
