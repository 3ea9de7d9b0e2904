import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import { createArguments } from './arguments.ts';
import { createUpdateQueue } from './update-queue.ts';
import { createWebhook } from './webhook.ts';

/** Every wait is over at once, and is noted. */
function createHastyClock(): EmulatedClock & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  let now = 1_700_000_000_000;
  return {
    waits,
    nowMs: () => now,
    advance(ms) {
      now += ms;
    },
    after(ms, task) {
      waits.push(ms);
      const soon = setImmediate(() => {
        now += ms;
        task();
      });
      return () => clearImmediate(soon);
    },
    close: () => undefined,
  };
}

test(
  'sends again at once, then after 2 s and ever twice as long, up to two minutes; one update of a chat at a time',
  { timeout: 60_000 },
  async () => {
    const clock = createHastyClock();
    const queue = createUpdateQueue(clock, 500);
    const webhook = createWebhook(
      clock,
      queue,
      () => 0.5,
      () => undefined,
    );
    const seen: number[] = [];
    let refusals = 9;
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        seen.push((JSON.parse(Buffer.concat(chunks).toString()) as { update_id: number }).update_id);
        refusals -= 1;
        response.writeHead(refusals >= 0 ? 500 : 200);
        response.end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
      const both = [queue.push('message', 7, {}), queue.push('message', 7, {})];
      webhook.set(createArguments(new Map([['url', url]])));
      const [first, second] = await Promise.all(both);
      assert.ok(first !== null && first !== undefined && second !== null && second !== undefined);
      assert.deepEqual(seen, [...Array.from({ length: 10 }, () => 500), 501]);
      const seconds = clock.waits.map((ms) => Math.round(ms / 1000));
      assert.deepEqual(seconds, [0, 2, 4, 8, 16, 32, 64, 90, 90]);
      assert.equal(webhook.info().last_error_message, 'Wrong response from the webhook: 500 Internal Server Error');
    } finally {
      webhook.close();
      queue.close();
      server.closeAllConnections();
      server.close();
    }
  },
);
