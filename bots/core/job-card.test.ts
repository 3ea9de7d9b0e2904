import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import { formatDuration, jobCard } from './job-card.ts';
import { exampleJob, exampleResult } from './example-job.test-kit.ts';

const IDLE = { queuePlace: 0, secondsLeft: null };

test('shows a waiting job with its place in the line and no bar', () => {
  const card = jobCard(exampleJob({ state: 'queued', stage: null }), { queuePlace: 2, secondsLeft: null });
  assert.equal(card.fraction, null);
  assert.equal(card.estimate, '2 jobs before this one');
  assert.deepEqual(new Set(card.stages.map((stage) => stage.mark)), new Set(['waiting']));
});

test('marks the stages that are done, running and to come', () => {
  const card = jobCard(exampleJob({ stage: 'separate', fraction: 0.5 }), { queuePlace: 0, secondsLeft: 21.2 });
  assert.deepEqual(
    card.stages.map((stage) => stage.mark),
    ['done', 'done', 'running', 'waiting', 'waiting', 'waiting'],
  );
  assert.ok(card.fraction !== null && card.fraction > 0.4 && card.fraction < 0.6);
  assert.equal(card.estimate, 'about 21 s left');
});

test('the bar only ever grows over the stages', () => {
  let last = -1;
  for (const stage of ['receive', 'read', 'separate', 'measure', 'encode', 'deliver'] as const) {
    for (const fraction of [0, 0.5, 1]) {
      const now = jobCard(exampleJob({ stage, fraction }), IDLE).fraction ?? -1;
      assert.ok(now >= last, `${stage} ${String(fraction)}`);
      last = now;
    }
  }
  assert.ok(last <= 1);
});

test('shows each stem with its loudness, peak and gain', () => {
  const outcome: JobOutcome = { state: 'done', result: exampleResult(), reused: false };
  const card = jobCard(exampleJob({ stage: 'deliver', fraction: 1 }), IDLE, outcome);
  assert.equal(card.state, 'done');
  assert.equal(card.fraction, 1);
  assert.match(card.body[0] ?? '', /^vocals +-18\.2 LUFS +peak -3\.1 dBTP +\+2\.1 dB to target$/u);
  assert.match(card.body[1] ?? '', /^residual +silent$/u);
});

test('says that a result was there already', () => {
  const card = jobCard(exampleJob({}), IDLE, { state: 'done', result: exampleResult(), reused: true });
  assert.match(card.body.at(-1) ?? '', /before/u);
});

test('a refusal is its one sentence, at the stage where it happened', () => {
  const card = jobCard(exampleJob({ stage: 'read' }), IDLE, {
    state: 'refused',
    failure: { code: 'not-audio', facts: {} },
  });
  assert.equal(card.body.length, 1);
  assert.equal(card.stages[1]?.mark, 'failed');
});

test('words for durations', () => {
  assert.equal(formatDuration(0.2), '1 s');
  assert.equal(formatDuration(59.4), '59 s');
  assert.equal(formatDuration(185), '3 min 05 s');
});
