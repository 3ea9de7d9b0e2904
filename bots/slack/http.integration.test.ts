/** Slack over HTTP: signatures, redeliveries, workspaces that share channels, installations and their tokens. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ADA, BAND, BEN, DEMOS, REHEARSAL } from '../../tools/emulators/slack/options.ts';
import type { WorkspaceSeed } from '../../tools/emulators/slack/options.ts';
import type { SlackEmulator } from '../../tools/emulators/slack/slack-emulator.ts';
import { songFile } from '../../tools/emulators/slack/slack.test-kit.ts';
import { seededRandom } from '../../tools/emulators/core/seeded-random.ts';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { deliver, signature, withInstalledBot, withSlackBot } from './inbound.test-kit.ts';

const LIMIT = { timeout: 400_000 };
const EVENTS = 300;
const SIDE_BY_SIDE = 8;
const LINK = 'https://example.org/a.mp3';
const QUIET = { eventRetryDelaysMs: [] };
const ELSEWHERE: WorkspaceSeed = {
  id: 'T0ELSEWHER',
  name: 'Elsewhere',
  domain: 'elsewhere',
  people: [{ id: 'U0DAVEGTR4', name: 'dave', realName: 'Dave' }],
  channels: [],
  hasApp: false,
};

async function say(slack: SlackEmulator, words: string, { chat = REHEARSAL.id, file = false } = {}): Promise<string> {
  const { id, acknowledgedMs } = await slack.act({
    kind: 'message',
    by: ADA.id,
    at: { chat, thread: null },
    text: words,
    files: file ? [songFile()] : [],
    replyTo: null,
  });
  await acknowledgedMs;
  return id;
}

function eventsOf(slack: SlackEmulator, types: readonly string[]): Readonly<Record<string, unknown>>[] {
  return slack.events.filter(({ event }) => types.includes(String((event as { type?: unknown }).type)));
}

test(
  `${String(EVENTS)} events, each up to four times, in any order and to two processes, are one each`,
  LIMIT,
  async () => {
    await withInstalledBot(QUIET, async (bench) => {
      const { slack, accepted, origin, errors } = bench;
      const second = await bench.connect();
      const taker = await divert(slack);
      const direct = slack.directChat(ADA.id);
      const said: string[] = [];
      for (let index = 0; index < EVENTS; index += 1) {
        const url = `https://example.org/${String(index)}.mp3`;
        said.push(
          index % 3 === 0
            ? await say(slack, '', { chat: direct, file: true })
            : await say(slack, `@Woodshed ${url}`, { chat: index % 3 === 1 ? REHEARSAL.id : DEMOS.id }),
        );
      }
      await taker.close();
      assert.equal((await accepted()).length, 0);
      const random = seededRandom(11);
      const deliveries = eventsOf(slack, ['message', 'app_mention', 'file_shared'])
        .flatMap((payload) =>
          Array.from({ length: 1 + Math.floor(random() * 4) }, (_, retry) => ({ payload, retry, at: random() })),
        )
        .toSorted((a, b) => a.at - b.at);
      assert.ok(deliveries.length > EVENTS * 3);
      const waiting = deliveries.entries();
      await Promise.all(
        Array.from({ length: SIDE_BY_SIDE }, async () => {
          for (const [index, { payload, retry }] of waiting) {
            const headers =
              retry === 0 ? {} : { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' };
            const to = index % 2 === 0 ? origin : second.origin;
            assert.equal(await deliver(bench, to, { body: JSON.stringify(payload), headers }), 200);
          }
        }),
      );
      const rows = await accepted();
      const keys = rows.map(({ eventKey }) => eventKey.split('-').at(-1) ?? '');
      assert.equal(keys.length, EVENTS);
      assert.deepEqual(new Set(keys), new Set(said));
      assert.deepEqual(errors, []);
    });
  },
);

test('what cannot be written down is not acknowledged, comes again, and is one', LIMIT, async () => {
  for (const delivery of ['http', 'socket'] as const) {
    const run = delivery === 'http' ? withInstalledBot : withSlackBot;
    await run({ eventRetryDelaysMs: Array.from({ length: 500 }, () => 200), acknowledgeMs: 2000 }, async (bench) => {
      const { slack, accepted, errors, sql, until } = bench;
      if (delivery === 'socket') await bench.connect();
      await sql('alter table inbound_event rename to away');
      const { acknowledgedMs } = await slack.act({
        kind: 'message',
        by: ADA.id,
        at: { chat: REHEARSAL.id, thread: null },
        text: `@Woodshed ${LINK}`,
        files: [],
        replyTo: null,
      });
      await until(() => errors.length >= 2);
      await sql('alter table away rename to inbound_event');
      assert.notEqual(await acknowledgedMs, null, delivery);
      assert.equal((await accepted()).length, 1, delivery);
    });
  }
});

test('a command that cannot be written down is told to be so by Slack', LIMIT, async () => {
  await withInstalledBot({}, async ({ slack, sql, accepted }) => {
    await sql('alter table inbound_event rename to away');
    const at = { chat: REHEARSAL.id, thread: null };
    const command = {
      kind: 'command',
      by: ADA.id,
      at,
      verb: 'jam',
      options: {},
      text: `split ${LINK}`,
      file: null,
    } as const;
    const { acknowledgedMs } = await slack.act(command);
    assert.equal(await acknowledgedMs, null);
    await sql('alter table away rename to inbound_event');
    assert.deepEqual(await accepted(), []);
    const notices = slack.conversation.events.filter(({ kind }) => kind === 'notice');
    assert.equal(notices.length, 1);
  });
});

test('five hundred changes of a request that Slack signed: none is taken', LIMIT, async () => {
  await withInstalledBot(QUIET, async (bench) => {
    const { slack, origin, accepted } = bench;
    const event = { type: 'app_mention', channel: REHEARSAL.id, user: ADA.id, ts: '1.000001' };
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: BAND.id,
      event_id: 'Ev1',
      event: { ...event, text: `<@${slack.bot().userId}> ${LINK}` },
    });
    const time = String(Math.floor(Date.now() / 1000));
    const signed = signature(slack, time, body);
    const changes = fc.oneof(
      changedText(body).map((changed) => ({ body: changed, time, signed })),
      changedText(time).map((changed) => ({ body, time: changed, signed })),
      changedText(signed).map((changed) => ({ body, time, signed: changed })),
      // Signed, with other words around what is signed.
      fc.constantFrom('', ':', ' ', '.').map((gap) => ({ body, time: `${time}${gap}0`, signed })),
      fc.constantFrom('utf16le', 'base64', 'hex').map((encoding) => ({
        body: Buffer.from(body).toString(encoding as BufferEncoding),
        time,
        signed,
      })),
    );
    await fc.assert(
      fc.asyncProperty(changes, async (change) => {
        fc.pre(change.body !== body || change.time !== time || change.signed !== signed);
        const lines = ['content-type', 'application/json', 'x-slack-request-timestamp', change.time];
        assert.equal(
          await post(`${origin}/slack/events`, [...lines, 'x-slack-signature', change.signed], change.body),
          401,
        );
      }),
      { numRuns: 500 },
    );
    assert.deepEqual(await accepted(), []);
  });
});

/** One character other, gone, doubled or in the other case; or something around it. Of what a header can carry. */
function changedText(whole: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: whole.length - 1 });
  const letter = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
  return fc
    .oneof(
      fc.tuple(place, letter).map(([at, other]) => whole.slice(0, at) + other + whole.slice(at + 1)),
      fc.tuple(place, letter).map(([at, more]) => whole.slice(0, at) + more + whole.slice(at)),
      place.map((at) => whole.slice(0, at) + whole.slice(at + 1)),
      place.map((at) => whole.slice(0, at)),
      fc.constantFrom(whole.toUpperCase(), `${whole}${whole}`),
    )
    .filter((changed) => changed.trim() !== whole);
}

test('requests that Slack did not sign just now, once, are turned away', LIMIT, async () => {
  await withInstalledBot(QUIET, async (bench) => {
    const { slack, origin, accepted } = bench;
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: BAND.id,
      event_id: 'Ev1',
      event: {
        type: 'app_mention',
        channel: REHEARSAL.id,
        user: ADA.id,
        ts: '1.000001',
        text: `<@${slack.bot().userId}> ${LINK}`,
      },
    });
    const now = Math.floor(Date.now() / 1000);
    const at = (seconds: number, signed = body): Record<string, string> => ({
      'x-slack-request-timestamp': String(seconds),
      'x-slack-signature': signature(slack, String(seconds), signed),
    });
    const right = at(now)['x-slack-signature'] ?? '';
    const [version = '', hex = ''] = right.split('=');
    const refused: readonly (readonly [what: string, headers: Record<string, string>])[] = [
      ['wrong', { 'x-slack-signature': `v0=${'0'.repeat(64)}` }],
      ['of another body', at(now, `${body} `)],
      ['empty', { 'x-slack-signature': '' }],
      ['of another version', { 'x-slack-signature': `v1=${hex}` }],
      ['in capitals', { 'x-slack-signature': `${version}=${hex.toUpperCase()}` }],
      ['cut short', { 'x-slack-signature': right.slice(0, -1) }],
      ['301 s old', at(now - 301)],
      ['of the future', at(now + 330)],
      ['without a time', { 'x-slack-request-timestamp': '' }],
      ['with a time that is none', { 'x-slack-request-timestamp': 'now' }],
    ];
    for (const [what, headers] of refused) {
      assert.equal(await deliver(bench, origin, { body, headers }), 401, what);
    }
    for (const doubled of ['x-slack-signature', 'x-slack-request-timestamp']) {
      const headers = { ...at(now), 'content-type': 'application/json' };
      const lines = Object.entries(headers).flatMap(([name, value]) =>
        name === doubled ? [name, value, name, value] : [name, value],
      );
      assert.equal(await post(`${origin}/slack/events`, lines, body), 401, `${doubled} twice`);
    }
    assert.equal(await post(`${origin}/slack/events`, ['content-type', 'application/json'], body), 401, 'unsigned');
    assert.deepEqual(await accepted(), []);
    assert.equal(await deliver(bench, origin, { body }), 200);
    assert.equal((await accepted()).length, 1);
    assert.ok((await deliver(bench, origin, { body: '{"type":' })) >= 400, 'signed, and no JSON');
  });
});

test(
  'in a channel that workspaces share, a stranger’s press and words are the app’s own workspace’s',
  LIMIT,
  async () => {
    await withInstalledBot({ ...QUIET, workspaces: [BAND, ELSEWHERE] }, async (bench) => {
      const { slack, origin, requests, accepted } = bench;
      const dave = 'U0DAVEGTR4';
      const event = {
        type: 'app_mention',
        channel: REHEARSAL.id,
        user: dave,
        ts: '7.000001',
        text: `<@${slack.bot().userId}> ${LINK}`,
      };
      const told = {
        type: 'event_callback',
        team_id: ELSEWHERE.id,
        event_id: 'Ev7',
        event: { ...event, team: ELSEWHERE.id, user_team: ELSEWHERE.id },
        authorizations: [{ team_id: BAND.id, enterprise_id: null, is_bot: true, is_enterprise_install: false }],
        is_ext_shared_channel: true,
      };
      assert.equal(await deliver(bench, origin, { body: JSON.stringify(told) }), 200);
      assert.deepEqual(
        (await requests()).map(({ address, requester }) => [address.botId, address.chatId, requester.userId]),
        [[BAND.id, REHEARSAL.id, dave]],
      );
      const press = {
        type: 'block_actions',
        trigger_id: '1.2.abc',
        team: { id: ELSEWHERE.id, domain: 'elsewhere' },
        user: { id: dave, name: 'dave', team_id: ELSEWHERE.id },
        channel: { id: REHEARSAL.id },
        message: { ts: '8.000001', bot_profile: { team_id: BAND.id } },
        actions: [{ type: 'button', action_id: 'v1:ZZZZZZ:retry', block_id: 'x', value: 'x', action_ts: '9.1' }],
      };
      const form = new URLSearchParams({ payload: JSON.stringify(press) }).toString();
      const type = 'application/x-www-form-urlencoded';
      assert.equal(await deliver(bench, origin, { body: form, type }), 200, 'a workspace without the app is no error');
      assert.equal((await accepted()).length, 1);
      assert.deepEqual(
        bench.errors.map(String).filter((error) => !error.includes('user_not')),
        [],
      );
    });
  },
);

test('"Add to Slack" seals the tokens, and whoever takes the app away takes them too', LIMIT, async () => {
  await withInstalledBot({ workspaces: [BAND, ELSEWHERE] }, async (bench) => {
    const { slack, origin, sql, until, connect } = bench;
    const kept = async (): Promise<readonly { workspace: string; sealed: string }[]> =>
      await sql('select workspace, sealed from slack_installation order by workspace');
    assert.deepEqual(
      (await kept()).map(({ workspace }) => workspace),
      [BAND.id],
    );
    const cancelled = await slack.addToSlack('U0DAVEGTR4', `${origin}/slack/install`, 'cancel');
    assert.ok(cancelled.status >= 400 || /denied|cancel/iu.test(cancelled.text), cancelled.text);
    assert.equal((await slack.addToSlack('U0DAVEGTR4', `${origin}/slack/install`)).status, 200);
    const both = await kept();
    assert.deepEqual(
      both.map(({ workspace }) => workspace),
      [BAND.id, ELSEWHERE.id],
    );
    for (const { workspace, sealed } of both) assert.ok(!sealed.includes(slack.token(workspace).accessToken));

    const { clientOf } = await connect();
    assert.equal((await (await clientOf(ELSEWHERE.id)).auth.test()).team_id, ELSEWHERE.id);
    slack.uninstall(ELSEWHERE.id);
    await until(async () => (await kept()).length === 1);
    await assert.rejects(clientOf(ELSEWHERE.id), (error) => error instanceof SendError && error.outcome === 'gone');
    slack.revokeTokens(BAND.id);
    await until(async () => (await kept()).length === 0);
  });
});

test('an app that was installed anew is not forgotten for what is told late', LIMIT, async () => {
  await withInstalledBot({ ...QUIET }, async (bench) => {
    const { slack, origin, sql } = bench;
    const late = { type: 'event_callback', team_id: BAND.id, event_id: 'Ev9', event: { type: 'app_uninstalled' } };
    assert.equal(await deliver(bench, origin, { body: JSON.stringify(late) }), 200);
    const revoked = { type: 'tokens_revoked', tokens: { oauth: [ADA.id], bot: [] } };
    assert.equal(await deliver(bench, origin, { body: JSON.stringify({ ...late, event: revoked }) }), 200);
    assert.equal((await sql('select workspace from slack_installation')).length, 1);
    slack.uninstall(BAND.id);
    slack.install(BAND.id);
    assert.deepEqual(bench.errors, []);
  });
});

test('tokens that end are refreshed, once for all who need them, and kept', LIMIT, async () => {
  await withInstalledBot({ app: { hasTokenRotation: true } }, async (bench) => {
    const { slack, sql, connect, requests } = bench;
    const first = slack.token().accessToken;
    const sealed = await sql('select sealed from slack_installation');
    const { clientOf } = await connect();
    assert.equal((await clientOf(BAND.id)).token, first);
    const realNow = Date.now;
    const ahead = 11 * 3_600_000;
    slack.advance(ahead);
    Date.now = () => realNow() + ahead;
    try {
      const before = slack.requests.filter(({ method }) => method === 'oauth.v2.access').length;
      const clients = await Promise.all(Array.from({ length: 6 }, async () => await clientOf(BAND.id)));
      const second = slack.token().accessToken;
      assert.notEqual(second, first);
      assert.deepEqual(new Set(clients.map(({ token }) => token)), new Set([second]));
      assert.equal(slack.requests.filter(({ method }) => method === 'oauth.v2.access').length, before + 1);
      assert.notDeepEqual(await sql('select sealed from slack_installation'), sealed);
      assert.equal((await clients[0]?.auth.test())?.team_id, BAND.id);
      await say(slack, `@Woodshed ${LINK}`);
      assert.equal((await requests()).length, 1);
    } finally {
      Date.now = realNow;
    }
  });
});

test('events of a workspace that never installed it are taken, and nothing comes of them', LIMIT, async () => {
  await withInstalledBot(QUIET, async (bench) => {
    const event = { type: 'app_mention', channel: 'C1', user: BEN.id, ts: '7.000001', text: LINK };
    const told = { type: 'event_callback', team_id: 'T0NOBODY00', event_id: 'Ev7', event };
    assert.equal(await deliver(bench, bench.origin, { body: JSON.stringify(told) }), 200);
    assert.deepEqual(await bench.accepted(), []);
    assert.deepEqual(bench.errors, []);
  });
});

/** Sends Slack's events to somebody who takes them all and does nothing, so that a test can deliver them itself. */
async function divert(slack: SlackEmulator): Promise<{ close(): Promise<void> }> {
  const taker = createServer((incoming, response) => {
    void text(incoming).then((body) => response.end(body));
  });
  await new Promise<void>((resolve) => {
    taker.listen(0, '127.0.0.1', resolve);
  });
  const { port } = taker.address() as AddressInfo;
  assert.ok(await slack.setRequestUrl(`http://127.0.0.1:${String(port)}/`));
  return {
    async close() {
      await new Promise<void>((resolve) => {
        taker.close(() => resolve());
        taker.closeAllConnections();
      });
    },
  };
}

/** With header lines as they are given, also twice. */
async function post(url: string, headers: readonly string[], body: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const { host } = new URL(url);
    const lines = ['host', host, 'content-length', String(Buffer.byteLength(body)), ...headers];
    const outgoing = httpRequest(url, { method: 'POST', headers: lines }, (incoming) => {
      incoming.resume();
      incoming.on('end', () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
