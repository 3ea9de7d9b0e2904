import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cardContext } from './card-context.ts';
import { exampleJob } from './example-job.test-kit.ts';
import { EXAMPLE_COMMANDS } from './example-sheets.test-kit.ts';
import type { Jobs } from './jobs.ts';

/** Half a second of work for each second of music, whatever it is. */
const JOBS: Pick<Jobs, 'queuePlace' | 'estimateSeconds'> = {
  queuePlace: async () => 3,
  estimateSeconds: async ({ audioSeconds }) => audioSeconds / 2,
};

test('tells how long it still takes where such jobs take alike', async () => {
  const { request } = exampleJob({});
  for (const [command, told] of [
    [request.command, true],
    [EXAMPLE_COMMANDS.analysis, true],
    [EXAMPLE_COMMANDS.chords, true],
    [EXAMPLE_COMMANDS.lyrics, false],
    [EXAMPLE_COMMANDS.tab, false],
  ] as const) {
    const job = exampleJob({ stage: 'read', fraction: 0, audioSeconds: 200, request: { ...request, command } });
    const { queuePlace, secondsLeft } = await cardContext(job, JOBS);
    assert.equal(queuePlace, 0, 'it is under way');
    assert.equal(secondsLeft !== null && secondsLeft > 50 && secondsLeft < 100, told, command.kind);
  }
});

test('tells how many are before it while it waits, and nothing once it has ended', async () => {
  const { queuePlace } = await cardContext(exampleJob({ stage: null, audioSeconds: null }), JOBS);
  assert.equal(queuePlace, 3);
  const ended = exampleJob({ state: 'cancelled', outcome: { state: 'cancelled' }, audioSeconds: 200 });
  assert.deepEqual(await cardContext(ended, JOBS), { queuePlace: 0, secondsLeft: null });
});
