import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { Api } from 'grammy';
import { FileTooLargeError, SendError } from '../../workflows/contract/chat-port.ts';
import { callTelegram } from './call-telegram.ts';

const TOKEN = '7:secret-part';
const DAY_MS = 86_400_000;

let answer: { readonly status: number; readonly body: string };
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.body);
  });
});
let api: Api;

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  api = new Api(TOKEN, { apiRoot: `http://127.0.0.1:${String(port)}`, timeoutSeconds: 10 });
});

after(() => {
  server.close();
  server.closeAllConnections();
});

async function failure(status: number, body: string): Promise<Error> {
  answer = { status, body };
  const error = await callTelegram(async () => await api.sendMessage(1, 'x')).then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error, 'it must not pass for an answer');
  assert.ok(!`${error.message} ${String(error.stack)}`.includes('secret-part'), 'the token stays here');
  return error;
}

function refusal(error_code: number, description: string, parameters?: unknown): string {
  return JSON.stringify({ ok: false, error_code, description, parameters });
}

for (const retry_after of [0, 0.3, 35, 3600, 1e12, -1, null, 'soon', undefined, {}]) {
  test(`a wait of ${JSON.stringify(retry_after)} is one that can be kept`, async () => {
    const error = await failure(429, refusal(429, 'Too Many Requests: retry after', { retry_after }));
    assert.ok(error instanceof SendError && error.outcome === 'not-executed' && error.retryAfterMs !== null);
    const ms = error.retryAfterMs;
    assert.ok(ms > 0 && ms <= DAY_MS, String(ms));
    if (retry_after === 35) assert.equal(ms, 35_000);
  });
}

test('a 429 that says nothing of a wait is one too', async () => {
  const error = await failure(429, refusal(429, 'Too Many Requests'));
  assert.ok(error instanceof SendError && error.outcome === 'not-executed' && (error.retryAfterMs ?? 0) > 0);
});

for (const [what, status, body] of [
  ['a gateway that answers in HTML', 502, '<html><body>Bad Gateway</body></html>'],
  ['an empty answer', 200, ''],
  ['half an answer', 200, '{"ok":true,"result":{"message_id":'],
  ['an internal error', 500, refusal(500, 'Internal Server Error')],
] as const) {
  test(`${what} may have been executed`, async () => {
    const error = await failure(status, body);
    assert.ok(error instanceof SendError && error.outcome === 'ambiguous', String(error));
  });
}

for (const [description, code] of [
  ['Forbidden: bot was blocked by the user', 403],
  ['Forbidden: bot was kicked from the supergroup chat', 403],
  ['Forbidden: user is deactivated', 403],
  ['Bad Request: chat not found', 400],
  ['Bad Request: message to edit not found', 400],
  ['Bad Request: message thread not found', 400],
  ['Bad Request: TOPIC_CLOSED', 400],
  ['Bad Request: CHAT_WRITE_FORBIDDEN', 400],
  ['Bad Request: not enough rights to send text messages to the chat', 400],
] as const) {
  test(`"${description}" is the end of that place`, async () => {
    const error = await failure(code, refusal(code, description));
    assert.ok(error instanceof SendError && error.outcome === 'gone', String(error));
  });
}

test('a chat that moved says where, and nothing was done', async () => {
  const body = refusal(400, 'Bad Request: group chat was upgraded', { migrate_to_chat_id: -100_5 });
  const error = await failure(400, body);
  assert.ok(error instanceof SendError && error.outcome === 'not-executed' && error.movedToChatId === '-1005');
});

test('too much for Telegram is a matter of size', async () => {
  assert.ok((await failure(413, refusal(413, 'Request Entity Too Large'))) instanceof FileTooLargeError);
});

test('our own mistake is no failure of the platform: it is for us to see', async () => {
  const error = await failure(400, refusal(400, "Bad Request: can't parse entities"));
  assert.ok(!(error instanceof SendError));
});

test('what stands there already is no failure of an edit', async () => {
  answer = { status: 400, body: refusal(400, 'Bad Request: message is not modified: specified new …') };
  assert.equal(await callTelegram<unknown>(async () => await api.editMessageText(1, 2, 'x'), 'same'), 'same');
});

test('where nobody listens nothing was executed', async () => {
  const nobody = new Api(TOKEN, { apiRoot: 'http://127.0.0.1:1' });
  await assert.rejects(
    callTelegram(async () => await nobody.sendMessage(1, 'x')),
    (error) => error instanceof SendError && error.outcome === 'not-executed' && !error.message.includes('secret'),
  );
});
