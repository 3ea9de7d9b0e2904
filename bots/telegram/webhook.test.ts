import assert from 'node:assert/strict';
import { request } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import type { Update } from 'grammy/types';
import { createTelegramEmulator } from '../../tools/emulators/telegram/telegram-emulator.ts';
import { ADAS_CHAT } from '../../tools/emulators/telegram/telegram.test-kit.ts';
import { Api } from 'grammy';
import { ALLOWED_UPDATES } from './poll-updates.ts';
import { serveWebhook } from './webhook.ts';

const SECRET = 'right-Secret_1';
const PATH = '/telegram';
const UPDATE = JSON.stringify({ update_id: 1, message: { text: 'x' } });
const HEADER = 'X-Telegram-Bot-Api-Secret-Token';

let handled: Update[];
let errors: unknown[];
let failures: number;
let server: Awaited<ReturnType<typeof serveWebhook>>;

beforeEach(async () => {
  [handled, errors, failures] = [[], [], 0];
  server = await serveWebhook({
    port: 0,
    host: '127.0.0.1',
    path: PATH,
    secret: SECRET,
    async handle(update) {
      if (failures > 0) {
        failures -= 1;
        throw new Error('the database is away');
      }
      handled.push(update);
    },
    onError: (error) => errors.push(error),
  });
});

afterEach(async () => {
  await server.stop();
});

/** @param headers as they go over the wire, names and values in turn: one may come twice */
async function post(
  headers: readonly string[],
  { path = PATH, method = 'POST', body = UPDATE }: { path?: string; method?: string; body?: string } = {},
): Promise<number> {
  return await new Promise((resolve, reject) => {
    const length = ['Content-Length', String(Buffer.byteLength(body))];
    const sent = request(
      {
        host: '127.0.0.1',
        port: server.port,
        path,
        method,
        headers: ['Host', 'x', ...length, ...headers],
        agent: false,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

for (const [what, headers, options, status] of [
  ['the right secret', [HEADER, SECRET], {}, 200],
  ['a wrong secret', [HEADER, 'wrong'], {}, 401],
  ['a secret in other letters', [HEADER, SECRET.toUpperCase()], {}, 401],
  ['the beginning of the secret', [HEADER, SECRET.slice(0, -1)], {}, 401],
  ['an empty secret', [HEADER, ''], {}, 401],
  ['no secret', [], {}, 401],
  ['the secret twice', [HEADER, SECRET, HEADER, SECRET], {}, 401],
  ['the secret and another', [HEADER, SECRET, HEADER, 'x'], {}, 401],
  ["the right secret on another bot's path", [HEADER, SECRET], { path: '/other' }, 401],
  ['the right secret under the path', [HEADER, SECRET], { path: `${PATH}/x` }, 401],
  ['another method', [HEADER, SECRET], { method: 'PUT' }, 405],
  ['no JSON', [HEADER, SECRET], { body: '{"update_id":1' }, 400],
  ['JSON that is no update', [HEADER, SECRET], { body: '[]' }, 400],
  ['an update without a number', [HEADER, SECRET], { body: '{"update_id":"1"}' }, 400],
  ['nothing', [HEADER, SECRET], { body: '' }, 400],
  ['a body that is too large', [HEADER, SECRET], { body: `{"update_id":1,"x":"${'x'.repeat(2 << 20)}"}` }, 413],
] as const) {
  test(`answers ${String(status)} to ${what}`, async () => {
    assert.equal(await post(headers, options), status);
    assert.equal(handled.length, status === 200 ? 1 : 0);
    // And listens on.
    assert.equal(await post([HEADER, SECRET]), 200);
    assert.deepEqual(errors, []);
  });
}

test('five hundred changes of the secret: none is taken', async () => {
  const place = fc.nat({ max: SECRET.length - 1 });
  const letter = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
  const changes = fc.oneof(
    fc.tuple(place, letter).map(([at, other]) => SECRET.slice(0, at) + other + SECRET.slice(at + 1)),
    fc.tuple(place, letter).map(([at, more]) => SECRET.slice(0, at) + more + SECRET.slice(at)),
    place.map((at) => SECRET.slice(0, at)),
    fc.string({ unit: letter, maxLength: 300 }),
    fc.constantFrom(SECRET.toLowerCase(), `${SECRET},${SECRET}`, `"${SECRET}"`, encodeURIComponent(`${SECRET}\0`)),
  );
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      fc.pre(changed !== SECRET);
      assert.equal(await post([HEADER, changed]), 401);
    }),
    { numRuns: 500 },
  );
  assert.deepEqual(handled, []);
});

test('what could not be written down comes again from Telegram, in order', { timeout: 120_000 }, async () => {
  failures = 3;
  const telegram = await createTelegramEmulator({ speed: 1000 });
  try {
    const api = new Api(telegram.token, { apiRoot: telegram.root });
    const url = `http://127.0.0.1:${String(server.port)}${PATH}`;
    await api.setWebhook(url, { secret_token: SECRET, allowed_updates: ALLOWED_UPDATES });
    const acted = await Promise.all(
      ['one', 'two'].map(
        async (text) =>
          await telegram.act({
            kind: 'message',
            by: ADAS_CHAT,
            at: { chat: ADAS_CHAT, thread: null },
            text,
            files: [],
            replyTo: null,
          }),
      ),
    );
    await Promise.all(acted.map(async ({ acknowledgedMs }) => await acknowledgedMs));
    assert.deepEqual(
      handled.map(({ message }) => message?.text),
      ['one', 'two'],
    );
    assert.equal(errors.length, 3);
    assert.equal(telegram.pendingUpdates(), 0);
    assert.deepEqual(telegram.specReport().violations, []);
  } finally {
    await telegram.close();
  }
});
