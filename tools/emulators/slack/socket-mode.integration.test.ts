/** The real Bolt app on this emulator, over Socket Mode. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { App } from '@slack/bolt';
import { WebSocket } from 'ws';
import { ADA, BEN, REHEARSAL } from './options.ts';
import type { SlackEmulator } from './slack-emulator.ts';
import {
  PATIENCE_MS,
  call,
  createClient,
  fromBot,
  good,
  say,
  songFile,
  typeCommand,
  withApp,
  withSlack,
} from './slack.test-kit.ts';

const AT = { chat: REHEARSAL.id, thread: null };
const here = { channel: REHEARSAL.id };

/** Every payload of these that the app gets. */
function collect(app: App): { readonly seen: Record<string, unknown>[]; until(count: number): Promise<void> } {
  const seen: Record<string, unknown>[] = [];
  const waiting: { count: number; wake: () => void }[] = [];
  app.use(async ({ body, next }) => {
    seen.push(body as unknown as Record<string, unknown>);
    for (const { count, wake } of waiting) if (seen.length >= count) wake();
    await next();
  });
  return {
    seen,
    async until(count) {
      if (seen.length >= count) return;
      await new Promise<void>((resolve) => {
        waiting.push({ count, wake: resolve });
      });
    },
  };
}

describe('a Bolt app over Socket Mode', () => {
  it('hears a message with a file, its mention and the sharing, and fetches the file', async () => {
    let events: ReturnType<typeof collect> | null = null;
    await withApp(
      (app) => {
        events = collect(app);
      },
      async (slack) => {
        const song = songFile();
        const { id, acknowledgedMs } = await say(slack, '@Woodshed take this <apart> https://x.test/a_b_c', {
          files: [song],
        });
        assert.notEqual(await acknowledgedMs, null);
        await events?.until(3);
        const inner = (events?.seen ?? []).map(({ event }) => event as Record<string, unknown>);
        const message = inner.find(({ type }) => type === 'message');
        assert.equal(message?.['subtype'], 'file_share');
        assert.equal(message['ts'], id);
        assert.equal(message['channel_type'], 'channel');
        const bot = slack.bot().userId;
        assert.equal(message['text'], `<@${bot}> take this &lt;apart&gt; <https://x.test/a_b_c>`);
        const [file] = message['files'] as { id: string; url_private_download: string; mimetype: string }[];
        assert.equal(file?.mimetype, 'audio/flac');
        const authorization = `Bearer ${slack.token().accessToken}`;
        const response = await fetch(file.url_private_download, { headers: { authorization } });
        assert.deepEqual(new Uint8Array(await response.arrayBuffer()), song.bytes);
        assert.deepEqual(new Set(inner.map(({ type }) => type)), new Set(['app_mention', 'file_shared', 'message']));
        assert.equal(inner.find(({ type }) => type === 'file_shared')?.['file_id'], file.id);
        const [seen] = slack.conversation.messages(REHEARSAL.id);
        assert.equal(seen?.text, '@Woodshed take this <apart> https://x.test/a_b_c');
        const hash = seen.files[0]?.sha256 ?? '';
        assert.deepEqual(slack.fileBytes?.(hash), song.bytes);
      },
    );
  });

  it('hears of its own messages and edits, with bot_id, and of people’s edits and deletions', async () => {
    let events: ReturnType<typeof collect> | null = null;
    await withApp(
      (app) => {
        // Bolt's own filter for a bot's own events stands before this one and drops them: ask for all by the receiver.
        events = collect(app);
      },
      async (slack) => {
        const { id: messageId } = await say(slack, 'one');
        await (
          await slack.act({ kind: 'edit', by: ADA.id, at: AT, messageId, text: 'two' })
        ).acknowledgedMs;
        await (
          await slack.act({ kind: 'delete', by: ADA.id, at: AT, messageId })
        ).acknowledgedMs;
        await events?.until(3);
        const subtypes = (events?.seen ?? []).map(({ event }) => (event as Record<string, unknown>)['subtype']);
        assert.deepEqual(subtypes, [undefined, 'message_changed', 'message_deleted']);
        const edit = { kind: 'edit', by: BEN.id, at: AT, messageId, text: 'x' } as const;
        await assert.rejects(slack.act(edit), RangeError, 'it is gone');
        await good(slack, 'chat.postMessage', { ...here, text: 'mine' });
        const own = slack.events.at(-1)?.['event'] as Record<string, unknown>;
        assert.equal(own['bot_id'], slack.bot().botId);
      },
    );
  });

  it('comes back by itself after a goodbye and after a broken connection, and is then heard', async () => {
    await withApp(
      (app) => {
        app.command('/jam', async ({ ack, command }) => {
          await ack(command.text);
        });
      },
      async (slack, app) => {
        const goAway = [() => slack.disconnectSockets('refresh_requested'), () => slack.dropSockets()];
        for (const [index, go] of goAway.entries()) {
          const back = comesBack(app);
          go();
          await back;
          assert.equal(slack.socketConnections(), 1);
          const { acknowledgedMs } = await typeCommand(slack, `after ${String(index)}`);
          assert.notEqual(await acknowledgedMs, null);
        }
      },
    );
  });

  it('gets an event again on another connection where the first did not acknowledge it', async () => {
    await withApp(
      (app) => {
        app.message('hello', async ({ say: sayThere, context }) => {
          await sayThere(`heard, retry ${String(context.retryNum)} ${String(context.retryReason)}`);
        });
      },
      async (slack) => {
        const deaf = await openDeaf(slack);
        // Whichever connection is tried first, one of two messages lands on the deaf one before it is repeated.
        const acted = [await say(slack, 'hello'), await say(slack, 'hello')];
        for (const { acknowledgedMs } of acted) assert.notEqual(await acknowledgedMs, null);
        const repeated = await slack.conversation.until(({ text }) => text.includes('retry 1 timeout'), PATIENCE_MS);
        assert.equal(repeated.by, 'bot');
        deaf.terminate();
      },
      { acknowledgeMs: 1000 },
    );
  });

  it('shares files of its own by uploadV2', async () => {
    await withSlack({}, async (slack) => {
      const first = await say(slack, 'song?');
      const client = createClient(slack);
      const file_uploads = ['vocals', 'drums'].map((name, index) => ({
        file: Buffer.alloc(500, index),
        filename: `${name}.flac`,
      }));
      await client.files.uploadV2({
        channel_id: REHEARSAL.id,
        thread_ts: first.id,
        initial_comment: '*Stems*',
        file_uploads,
      });
      const [message] = fromBot(slack);
      assert.deepEqual([message?.text, message?.thread], ['Stems', first.id]);
      assert.deepEqual(
        message?.files.map(({ name, bytes, shownAs }) => [name, bytes, shownAs]),
        [
          ['vocals.flac', 500, 'audio'],
          ['drums.flac', 500, 'audio'],
        ],
      );
      assert.deepEqual(slack.requests.map(({ method, status }) => [method, status]).slice(-2), [
        ['upload', 200],
        ['files.completeUploadExternal', 200],
      ]);
      assert.deepEqual(slack.specReport().violations, []);
    });
  });

  it('may open ten connections and no more', async () => {
    await withSlack({}, async (slack) => {
      const sockets = [];
      for (let index = 0; index < 10; index += 1) sockets.push(await openDeaf(slack));
      assert.equal(slack.socketConnections(), 10);
      assert.match(JSON.stringify(await firstWords(slack)), /too_many_websockets/u);
      assert.equal(slack.socketConnections(), 10);
      for (const socket of sockets) socket.terminate();
    });
  });
});

/** Settles when it is there again. It waits as long before it comes back as it is patient with pongs, so that is put back in time. */
async function comesBack(app: App): Promise<void> {
  const { client } = (app as unknown as { receiver: { client: SocketModeClient } }).receiver;
  const patienceMs = client.clientPingTimeoutMS;
  client.clientPingTimeoutMS = 20;
  await new Promise<void>((resolve) => {
    client.once('reconnecting', () => {
      client.clientPingTimeoutMS = patienceMs;
    });
    client.once('connected', resolve);
  });
}

interface SocketModeClient {
  clientPingTimeoutMS: number;
  once(event: string, done: () => void): void;
}

/** A connection that acknowledges nothing. */
async function openDeaf(slack: SlackEmulator): Promise<WebSocket> {
  const socket = new WebSocket(await socketUrl(slack));
  await new Promise<void>((resolve, reject) => {
    socket.once('message', () => resolve());
    socket.once('error', reject);
  });
  return socket;
}

async function firstWords(slack: SlackEmulator): Promise<unknown> {
  const socket = new WebSocket(await socketUrl(slack));
  return await new Promise((resolve, reject) => {
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString())));
    socket.once('error', reject);
  });
}

async function socketUrl(slack: SlackEmulator): Promise<string> {
  const { body } = await call(slack, 'apps.connections.open', {}, { token: slack.credentials.appToken });
  return String(body['url']);
}
