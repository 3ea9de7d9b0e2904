/** The real Bolt app on this emulator, over HTTP: signatures, retries, installations, rotation of tokens. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { App, HTTPReceiver, LogLevel, MemoryInstallationStore } from '@slack/bolt';
import type { Installation } from '@slack/bolt';
import { ADA, APP, BAND, REHEARSAL } from './options.ts';
import type { SlackOptions, WorkspaceSeed } from './options.ts';
import { signatureOf } from './request-url.ts';
import type { SlackEmulator } from './slack-emulator.ts';
import { PATIENCE_MS, call, clientOptions, errorOf, fromBot, good, say, withSlack } from './slack.test-kit.ts';

const HTTP = { mode: 'http', requestUrl: null } as const;
const DUO: WorkspaceSeed = {
  id: 'T0DUO',
  name: 'Duo',
  domain: 'duo',
  people: [{ id: 'U0DORA', name: 'dora', realName: 'Dora' }],
  channels: [{ id: 'C0DUO', name: 'duo', isPrivate: false, members: ['U0DORA'], botIsMember: true }],
  hasApp: false,
};

interface Bolt {
  readonly app: App;
  readonly store: MemoryInstallationStore;
  /** Without a slash at the end. */
  readonly root: string;
}

async function withBolt(
  options: SlackOptions,
  setUp: (app: App) => void,
  run: (slack: SlackEmulator, bolt: Bolt) => Promise<void>,
): Promise<void> {
  await withSlack({ delivery: HTTP, ...options }, async (slack) => {
    const { clientId, clientSecret, signingSecret } = slack.credentials;
    const root = new URL(slack.requestUrl ?? '').origin;
    const store = new MemoryInstallationStore();
    const receiver = new HTTPReceiver({
      signingSecret,
      clientId,
      clientSecret,
      endpoints: '/slack/events',
      stateSecret: 'state',
      scopes: [...APP.scopes],
      redirectUri: `${root}/slack/oauth_redirect`,
      installationStore: store,
      logLevel: LogLevel.ERROR,
      installerOptions: {
        authorizationUrl: slack.authorizationUrl,
        redirectUriPath: '/slack/oauth_redirect',
        clientOptions: clientOptions(slack),
      },
    });
    const app = new App({ receiver, clientOptions: clientOptions(slack), logLevel: LogLevel.ERROR });
    setUp(app);
    await app.start({ port: Number(new URL(root).port), host: '127.0.0.1' });
    try {
      await run(slack, { app, store, root });
    } finally {
      await app.stop();
    }
  });
}

/** A server that answers as told, and what it got. */
async function withServer(
  answer: (nth: number) => number,
  run: (url: string, got: { headers: IncomingHttpHeaders; body: string }[]) => Promise<void>,
): Promise<void> {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      if (body.includes('url_verification')) {
        response.end(JSON.stringify({ challenge: (JSON.parse(body) as { challenge: string }).challenge }));
        return;
      }
      got.push({ headers: request.headers, body });
      const status = answer(got.length);
      // Nothing: the caller waits.
      if (status === 0) return;
      response.writeHead(status, status === 410 ? { 'x-slack-no-retry': '1' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    await run(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/slack/events`, got);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a Bolt app over HTTP', () => {
  it('is installed from its own page by consent, in two workspaces, and answers in each with its token', async () => {
    const workspaces = [{ ...BAND, hasApp: false }, DUO];
    await withBolt(
      { workspaces },
      (app) => {
        app.command('/jam', async ({ ack, command, client }) => {
          await ack();
          const { team } = await client.auth.test();
          await client.chat.postMessage({ channel: command.channel_id, text: `${command.text} in ${String(team)}` });
        });
      },
      async (slack, { root }) => {
        assert.equal(await errorOf(slack, 'auth.test', {}, { token: null }), 'not_authed');
        for (const by of [ADA.id, 'U0DORA']) {
          const visit = await slack.addToSlack(by, `${root}/slack/install`);
          assert.equal(visit.status, 200, visit.text);
        }
        for (const [by, chat, name] of [
          [ADA.id, REHEARSAL.id, BAND.name],
          ['U0DORA', 'C0DUO', DUO.name],
        ] as const) {
          const at = { chat, thread: null };
          const typed = { kind: 'command', by, at, verb: 'jam', options: {}, text: 'help', file: null } as const;
          const { acknowledgedMs } = await slack.act(typed);
          assert.notEqual(await acknowledgedMs, null);
          await slack.conversation.until(
            ({ text, chat: where }) => where === chat && text === `help in ${name}`,
            PATIENCE_MS,
          );
        }
      },
    );
  });

  it('is not installed where the person cancels, and a code is good once', async () => {
    await withBolt(
      { workspaces: [DUO] },
      () => undefined,
      async (slack, { root }) => {
        const visit = await slack.addToSlack('U0DORA', `${root}/slack/install`, 'cancel');
        assert.match(visit.url, /error=access_denied/u);
        assert.throws(() => slack.token('T0DUO'), RangeError);
        const { url } = await slack.addToSlack('U0DORA', `${root}/slack/install`);
        const { clientId: client_id, clientSecret: client_secret } = slack.credentials;
        const code = new URL(url).searchParams.get('code') ?? '';
        const exchange = { client_id, client_secret, code, redirect_uri: `${root}/slack/oauth_redirect` };
        const bare = { token: null };
        assert.equal(await errorOf(slack, 'oauth.v2.access', exchange, bare), 'code_already_used');
        assert.equal(await errorOf(slack, 'oauth.v2.access', { ...exchange, code: 'x' }, bare), 'invalid_code');
        const wrong = { ...exchange, client_secret: 'x' };
        assert.equal(await errorOf(slack, 'oauth.v2.access', wrong, bare), 'bad_client_secret');
      },
    );
  });

  it('refreshes tokens that live twelve hours; the old refresh token is used up', async () => {
    await withBolt(
      { workspaces: [DUO], app: { hasTokenRotation: true } },
      (app) => {
        app.message('hello', async ({ say: sayThere }) => {
          await sayThere('heard');
        });
      },
      async (slack, { root, store }) => {
        await slack.addToSlack('U0DORA', `${root}/slack/install`);
        const first = slack.token('T0DUO');
        const query = { teamId: 'T0DUO', enterpriseId: undefined, isEnterpriseInstall: false } as const;
        const installation = (await store.fetchInstallation(query)) as Installation<'v2'>;
        assert.equal(installation.bot?.refreshToken, first.refreshToken);
        const hours = ((installation.bot?.expiresAt ?? 0) - Date.now() / 1000) / 3600;
        assert.ok(hours > 11 && hours <= 12.01, String(hours));
        // Bolt's clock is ours, so the installation is put near its end by hand.
        if (installation.bot !== undefined) installation.bot.expiresAt = Math.floor(Date.now() / 1000) + 60;
        await store.storeInstallation(installation);
        await say(slack, 'hello', { by: 'U0DORA', at: { chat: 'C0DUO', thread: null } });
        await slack.conversation.until(({ text }) => text === 'heard', PATIENCE_MS);
        const second = slack.token('T0DUO');
        assert.notEqual(second.accessToken, first.accessToken);
        const { clientId: client_id, clientSecret: client_secret } = slack.credentials;
        const used = { client_id, client_secret, grant_type: 'refresh_token', refresh_token: first.refreshToken };
        assert.equal(await errorOf(slack, 'oauth.v2.access', used, { token: null }), 'invalid_refresh_token');
        slack.advance(12 * 3_600_000 + 1000);
        assert.equal(await errorOf(slack, 'auth.test', {}, { token: second.accessToken }), 'token_expired');
      },
    );
  });

  it('takes in presses, and answers five times by the response URL, for half an hour', async () => {
    const urls: string[] = [];
    await withBolt(
      { workspaces: [DUO] },
      (app) => {
        app.action('go', async ({ ack, body }) => {
          await ack();
          urls.push((body as unknown as { response_url: string }).response_url);
        });
      },
      async (slack, { root }) => {
        await slack.addToSlack('U0DORA', `${root}/slack/install`);
        const text = { type: 'plain_text', text: 'Go' };
        const blocks = [{ type: 'actions', elements: [{ type: 'button', action_id: 'go', text }] }];
        const manner = { token: slack.token('T0DUO').accessToken };
        const { body } = await call(slack, 'chat.postMessage', { channel: 'C0DUO', text: 'x', blocks }, manner);
        const press = { kind: 'press', by: 'U0DORA', at: { chat: 'C0DUO', thread: null }, label: 'Go' } as const;
        await (
          await slack.act({ ...press, messageId: String(body['ts']) })
        ).acknowledgedMs;
        await (
          await slack.act({ ...press, messageId: String(body['ts']) })
        ).acknowledgedMs;
        const answer = async (url = ''): Promise<string> => {
          const response = await fetch(url, { method: 'POST', body: JSON.stringify({ text: 'more' }) });
          return `${String(response.status)} ${await response.text()}`;
        };
        const told = [];
        for (let index = 0; index < 6; index += 1) told.push(await answer(urls[0]));
        assert.deepEqual(told, [...Array.from({ length: 5 }, () => '200 ok'), '404 used_url']);
        slack.advance(30 * 60_000 + 1);
        assert.equal(await answer(urls[1]), '404 expired_url');
        assert.equal(fromBot(slack, 'C0DUO').filter(({ onlyFor }) => onlyFor === 'U0DORA').length, 5);
      },
    );
  });

  it('refuses what is not signed by Slack; a URL becomes the request URL when it gives back the challenge', async () => {
    await withBolt(
      {},
      () => undefined,
      async (slack, { root }) => {
        const url = `${root}/slack/events`;
        assert.equal(await slack.setRequestUrl(url), true);
        assert.equal(await slack.setRequestUrl(`${root}/nowhere`), false);
        assert.equal(slack.requestUrl, url);
        const body = JSON.stringify({ type: 'event_callback' });
        const timestamp = String(Math.floor(Date.now() / 1000));
        const headers = { 'x-slack-request-timestamp': timestamp, 'content-type': 'application/json' };
        const signature = signatureOf('another secret', timestamp, body);
        const response = await fetch(url, {
          method: 'POST',
          body,
          headers: { ...headers, 'x-slack-signature': signature },
        });
        assert.equal(response.status, 401);
      },
    );
  });
});

describe('events to a request URL', () => {
  it('come again at once, after a minute and after five, saying how often and why', async () => {
    await withServer(
      () => 500,
      async (url, got) => {
        await withSlack({ delivery: { mode: 'http', requestUrl: url }, speed: 10_000 }, async (slack) => {
          const { acknowledgedMs } = await say(slack, 'hello');
          assert.equal(await acknowledgedMs, null);
          assert.deepEqual(
            got.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']]),
            [
              [undefined, undefined],
              ['1', 'http_error'],
              ['2', 'http_error'],
              ['3', 'http_error'],
            ],
          );
          const ids = new Set(got.map(({ body }) => (JSON.parse(body) as { event_id: string }).event_id));
          assert.equal(ids.size, 1, 'the same event');
          for (const { headers, body } of got) {
            const timestamp = String(headers['x-slack-request-timestamp']);
            const right = signatureOf(slack.credentials.signingSecret, timestamp, body);
            assert.equal(headers['x-slack-signature'], right);
          }
        });
      },
    );
  });

  it('are tried again after a silence, and no more once they are taken', async () => {
    await withServer(
      (nth) => (nth === 1 ? 0 : 200),
      async (url, got) => {
        await withSlack({ delivery: { mode: 'http', requestUrl: url }, acknowledgeMs: 50 }, async (slack) => {
          const { acknowledgedMs } = await say(slack, 'hello');
          assert.ok(((await acknowledgedMs) ?? 0) >= 40);
          assert.deepEqual(
            got.map(({ headers }) => headers['x-slack-retry-reason']),
            [undefined, 'http_timeout'],
          );
        });
      },
    );
  });

  it('are not repeated where the app asks for that', async () => {
    await withServer(
      () => 410,
      async (url, got) => {
        await withSlack({ delivery: { mode: 'http', requestUrl: url }, speed: 10_000 }, async (slack) => {
          assert.equal(await (await say(slack, 'hello')).acknowledgedMs, null);
          assert.equal(got.length, 1);
        });
      },
    );
  });

  it('of a removed app: its tokens, then itself; then nothing more', async () => {
    await withServer(
      () => 200,
      async (url, got) => {
        await withSlack({ delivery: { mode: 'http', requestUrl: url } }, async (slack) => {
          await good(slack, 'auth.test');
          slack.uninstall(BAND.id);
          assert.equal(await (await say(slack, 'anybody?')).acknowledgedMs, null);
          const types = slack.events.map(({ event }) => (event as { type: string }).type);
          assert.deepEqual(types, ['tokens_revoked', 'app_uninstalled']);
          slack.install(BAND.id);
          assert.notEqual(await (await say(slack, 'hello')).acknowledgedMs, null);
          assert.ok(got.some(({ body }) => body.includes('"tokens_revoked"')));
        });
      },
    );
  });
});
