/** An emulated Slack for tests, the soak and the playroom: as many workspaces as wanted, one app. */
import { createConversation } from '../core/conversation.ts';
import type { ChatEmulator } from '../core/emulator.ts';
import { noFaults } from '../core/faults.ts';
import type { Faults } from '../core/faults.ts';
import { openSpecCheck } from '../core/spec-check.ts';
import { createClock } from '../core/emulated-clock.ts';
import { seededRandom } from '../core/seeded-random.ts';
import { createAppEvents } from './app-events.ts';
import { createControls } from './controls.ts';
import type { SlackControls } from './controls.ts';
import type { SlackEmulation } from './emulation.ts';
import { createFileStore } from './file-store.ts';
import { createIds } from './ids.ts';
import { createInstallations } from './installations.ts';
import { createInteractions } from './interactions.ts';
import { APP, BAND } from './options.ts';
import type { SlackOptions } from './options.ts';
import { createOutbox } from './outbox.ts';
import { act } from './people.ts';
import { createRateLimits } from './rate-limits.ts';
import { createRequestUrl } from './request-url.ts';
import { startServer } from './server.ts';
import type { SlackRequest } from './server.ts';
import { createSocketMode } from './socket-mode.ts';
import { createTokens } from './tokens.ts';
import { createViews } from './views.ts';
import { createWebApi } from './web-api.ts';
import { createWorld } from './world.ts';
import { freePort } from '../../../runtime/embedded/free-port.ts';

export interface SlackEmulator extends ChatEmulator, SlackControls {
  readonly requests: readonly SlackRequest[];
}

const GIB = 1024 ** 3;
/** At once, after a minute, after five. */
const RETRY_DELAYS_MS = [0, 60_000, 300_000] as const;
const EVENTS_PATH = '/slack/events';

export async function createSlackEmulator(options: SlackOptions = {}): Promise<SlackEmulator> {
  const { seed = 1, speed = 1, acknowledgeMs = 3000, hangMs = 30_000, faultRetryAfterSeconds = 1 } = options;
  const clock = createClock(speed);
  const random = seededRandom(seed);
  const ids = createIds(clock, random);
  const app = {
    ...APP,
    ...options.app,
    id: ids.next('A'),
    clientId: `${ids.secret(12)}.${ids.secret(12)}`,
    clientSecret: ids.secret(32),
    signingSecret: ids.secret(32),
    verificationToken: ids.secret(24),
  };
  const toSeconds = (): number => Math.floor(clock.nowMs() / 1000);
  const world = createWorld(options.workspaces ?? [BAND], app.name, ids, toSeconds());
  const tokens = createTokens(world, ids, clock, app.hasTokenRotation);
  for (const workspace of world.workspaces.values()) if (workspace.isInstalled) tokens.grant(workspace, app.scopes);

  const delivery = options.delivery ?? { mode: 'socket' };
  const socketMode = delivery.mode === 'socket' ? createSocketMode(app.id, acknowledgeMs) : null;
  const requestUrl =
    delivery.mode === 'http'
      ? createRequestUrl(
          delivery.requestUrl ?? `http://127.0.0.1:${String(await freePort())}${EVENTS_PATH}`,
          app.signingSecret,
          app.verificationToken,
          acknowledgeMs,
        )
      : null;
  const transport = socketMode ?? requestUrl;
  if (transport === null) throw new TypeError('no way to deliver');
  const outbox = createOutbox(transport, clock, options.eventRetryDelaysMs ?? RETRY_DELAYS_MS);
  const conversation = createConversation();
  const limits = createRateLimits(clock, options.rateLimits ?? 'off');
  const spec = await openSpecCheck('slack', options.specsDir);
  let faults: Faults = noFaults();

  let made: SlackEmulation | null = null;
  const server = await startServer({ hangMs, faultRetryAfterSeconds, faults: () => faults }, (origin) => {
    const emulation: SlackEmulation = {
      app,
      clock,
      ids,
      world,
      tokens,
      conversation,
      outbox,
      socketMode,
      files: createFileStore(ids),
      views: createViews(ids, conversation, app.id),
      events: createAppEvents({ app, ids, outbox, nowSeconds: toSeconds }),
      interactions: createInteractions(clock, ids, options.triggerLifeMs ?? 3000),
      installations: createInstallations(app, world, tokens, clock, ids),
      honoursFileIds: options.honoursFileIds ?? true,
      maxFileBytes: options.maxFileBytes ?? GIB,
      fileUploadsAreDisabled: options.fileUploadsAreDisabled ?? false,
      origin: () => origin,
    };
    made = emulation;
    return { emulation, api: createWebApi(emulation, limits, spec) };
  });
  const emulation = made as SlackEmulation | null;
  if (emulation === null) throw new TypeError('the server did not start');
  const controls = createControls(emulation, limits, requestUrl);

  return Object.assign(controls, {
    platform: 'slack' as const,
    botEnv: {
      SLACK_API_URL: controls.apiUrl,
      ...(requestUrl === null
        ? { SLACK_BOT_TOKEN: tokens.of(firstInstalled(emulation)).accessToken, SLACK_APP_TOKEN: tokens.appToken }
        : {
            SLACK_SIGNING_SECRET: app.signingSecret,
            SLACK_CLIENT_ID: app.clientId,
            SLACK_CLIENT_SECRET: app.clientSecret,
            SLACK_PORT: new URL(requestUrl.url).port,
          }),
      ...(emulation.honoursFileIds && { SLACK_FILE_IDS: '1' }),
    },
    conversation,
    requests: server.requests,
    setFaults(next: Faults) {
      faults = next;
    },
    // Async, so that what Slack has not is a rejection.
    act: async (action: Parameters<ChatEmulator['act']>[0]) => await Promise.resolve(act(emulation, action)),
    specReport: () => spec.report(),
    fileBytes: (sha256: string) => emulation.files.bySha256(sha256),
    async close() {
      outbox.close();
      await socketMode?.close();
      requestUrl?.close();
      clock.close();
      await server.close();
    },
  });
}

/** @throws RangeError: Socket Mode is for an app that is installed */
function firstInstalled({ world }: SlackEmulation): string {
  const first = world.workspaces.values().find(({ isInstalled }) => isInstalled);
  if (first === undefined) throw new RangeError('in Socket Mode one workspace has the app from the start');
  return first.id;
}
