import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import type { WebClient } from '@slack/web-api';
import { SendError } from '../../workflows/contract/chat-port.ts';
import { callSlack } from './call-slack.ts';
import { createClient } from './clients.ts';
import { createMethodLimits } from './method-limits.ts';

const TOKEN = 'xoxb-secret-part';
const DAY_MS = 86_400_000;

let answer: { readonly status: number; readonly headers?: Record<string, string>; readonly body: string };
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body);
  });
});
let apiUrl: string;

before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  apiUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/`;
});

after(() => {
  server.close();
  server.closeAllConnections();
});

async function failure(given: typeof answer): Promise<Error> {
  answer = given;
  const client: WebClient = createClient(TOKEN, apiUrl, createMethodLimits());
  const error = await callSlack(() => client.conversations.open({ users: 'U1' })).then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error, 'it must not pass for an answer');
  assert.ok(!`${error.message} ${String(error.stack)}`.includes('secret-part'), 'the token stays here');
  return error;
}

for (const header of [null, '', '0', '-1', '35', '3600', '1e12', 'soon', 'Wed, 21 Oct 2026 07:28:00 GMT']) {
  test(`a wait of ${JSON.stringify(header)} is one that can be kept`, async () => {
    const headers = header === null ? {} : { 'retry-after': header };
    const error = await failure({ status: 429, headers, body: '{"ok":false,"error":"ratelimited"}' });
    assert.ok(error instanceof SendError && error.outcome === 'not-executed', String(error));
    const { retryAfterMs } = error;
    assert.ok(retryAfterMs !== null && retryAfterMs > 0 && retryAfterMs <= DAY_MS, String(retryAfterMs));
    if (header === '35') assert.equal(retryAfterMs, 35_000);
  });
}

test('a wait may come with 200', async () => {
  const error = await failure({ status: 200, body: '{"ok":false,"error":"rate_limited"}' });
  assert.ok(error instanceof SendError && error.outcome === 'not-executed' && (error.retryAfterMs ?? 0) > 0);
});

for (const [what, status, body] of [
  ['a gateway that answers in HTML', 502, '<html><body>Bad Gateway</body></html>'],
  ['an internal error', 200, '{"ok":false,"error":"internal_error"}'],
  ['one that was too slow', 200, '{"ok":false,"error":"request_timeout"}'],
] as const) {
  test(`${what} may have been executed`, async () => {
    const error = await failure({ status, body });
    assert.ok(error instanceof SendError && error.outcome === 'ambiguous', String(error));
  });
}

test('our own mistake is no failure of the platform: it is for us to see', async () => {
  assert.ok(!((await failure({ status: 200, body: '{"ok":false,"error":"invalid_blocks"}' })) instanceof SendError));
});
