import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleJob } from '../core/example-job.test-kit.ts';
import { jobCard } from '../core/job-card.ts';
import { cardBlocks } from './card-blocks.ts';

test('what is too long for a block ends with a whole character', () => {
  const card = jobCard(exampleJob({}), { queuePlace: 0, secondsLeft: null });
  for (const before of ['', 'x']) {
    const { blocks } = cardBlocks({ ...card, state: 'done', body: [before + '😀'.repeat(2000)] });
    const json = JSON.stringify(blocks);
    assert.ok(json.includes('😀') && json.length < 4000);
    assert.doesNotMatch(json, /\\ud[89a-f]/iu);
  }
});
