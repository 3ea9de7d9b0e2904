/** The six faults, as the real client meets them on real sockets. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FAULTS, USUAL_MIX, plannedFaults, randomFaults } from '../core/faults.ts';
import type { Fault } from '../core/faults.ts';
import { seededRandom } from '../core/seeded-random.ts';
import { ADA, REHEARSAL } from './options.ts';
import { createClient, fromBot, good, uploadFile, withSlack } from './slack.test-kit.ts';

/** What the client says, whether it was done, the status that the emulator noted. */
const MET: Readonly<Record<Fault, readonly [code: string, isDone: boolean, status: number | null]>> = {
  'rate-limited': ['slack_webapi_rate_limited_error', false, 429],
  'refused-5xx': ['slack_webapi_http_error', false, 503],
  'done-then-5xx': ['slack_webapi_http_error', true, 503],
  'done-then-hang': ['slack_webapi_request_error', true, null],
  'done-then-reset': ['slack_webapi_request_error', true, null],
  'reset-before': ['slack_webapi_request_error', false, null],
};

async function codeOf(sent: Promise<unknown>): Promise<string> {
  return await sent.then(
    () => 'good',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

describe('faults', () => {
  for (const fault of FAULTS) {
    const [code, isDone, status] = MET[fault];
    it(`${fault}: the client sees ${code}, and it ${isDone ? 'was' : 'was not'} done`, async () => {
      await withSlack({ hangMs: 100, faultRetryAfterSeconds: 7 }, async (slack) => {
        const faults = plannedFaults([{ method: 'chat.postMessage', fault }]);
        slack.setFaults(faults);
        const client = createClient(slack);
        const send = client.chat.postMessage({ channel: REHEARSAL.id, text: 'result' });
        const error = await send.then(
          () => null,
          (met: unknown) => met as { code: string; retryAfter?: number },
        );
        assert.equal(error?.code, code);
        if (fault === 'rate-limited') assert.equal(error.retryAfter, 7);
        assert.equal(fromBot(slack).length, isDone ? 1 : 0);
        assert.equal(slack.requests.at(-1)?.status, status);
        assert.equal(faults.ambiguousSends.get('chat.postMessage') ?? 0, isDone ? 1 : 0);
        assert.equal(await codeOf(client.chat.postMessage({ channel: REHEARSAL.id, text: 'next' })), 'good');
      });
    });
  }

  it('a client that hangs up first still finds the message there', async () => {
    await withSlack({ hangMs: 60_000 }, async (slack) => {
      slack.setFaults(plannedFaults([{ method: 'chat.postMessage', fault: 'done-then-hang' }]));
      const impatient = createClient(slack, { timeout: 300 });
      const code = await codeOf(impatient.chat.postMessage({ channel: REHEARSAL.id, text: 'result' }));
      assert.equal(code, 'slack_webapi_request_error');
      assert.equal(fromBot(slack)[0]?.text, 'result');
    });
  });

  it('meet uploads, their completion and views too, reading never', async () => {
    await withSlack({}, async (slack) => {
      const client = createClient(slack);
      const planned = ['upload', 'files.completeUploadExternal', 'views.publish', 'conversations.history'] as const;
      slack.setFaults(plannedFaults(planned.slice(0, 3).map((method) => ({ method, fault: 'refused-5xx' }) as const)));
      const share = { channel_id: REHEARSAL.id };
      await assert.rejects(uploadFile(slack, 'a.mp3', new Uint8Array(3), share), /503/u);
      await assert.rejects(uploadFile(slack, 'a.mp3', new Uint8Array(3), share), SyntaxError);
      const view = { type: 'home' as const, blocks: [] };
      assert.equal(await codeOf(client.views.publish({ user_id: ADA.id, view })), 'slack_webapi_http_error');
      assert.deepEqual(fromBot(slack), []);
      slack.setFaults(randomFaults({ 'refused-5xx': 1 }, () => 0));
      await good(slack, 'conversations.history', { channel: REHEARSAL.id });
    });
  });

  it('of the usual mix: what the client knows and what stands there agree but for what is counted', async () => {
    await withSlack({ hangMs: 20 }, async (slack) => {
      const faults = randomFaults(USUAL_MIX, seededRandom(4));
      slack.setFaults(faults);
      const client = createClient(slack);
      let known = 0;
      for (let index = 0; index < 120; index += 1) {
        const code = await codeOf(client.chat.postMessage({ channel: REHEARSAL.id, text: String(index) }));
        if (code === 'good') known += 1;
      }
      const inTheDark = faults.ambiguousSends.get('chat.postMessage') ?? 0;
      assert.ok(inTheDark > 10, String(inTheDark));
      assert.equal(fromBot(slack).length, known + inTheDark);
      assert.equal(faults.counts.size, FAULTS.length);
    });
  });
});
