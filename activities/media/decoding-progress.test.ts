import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { decodingProgress } from './decoding-progress.ts';

function bench(take: (fraction: number) => Promise<void>): {
  readonly taken: number[];
  readonly warnings: string[];
  readonly progress: ReturnType<typeof decodingProgress>;
} {
  const taken: number[] = [];
  const warnings: string[] = [];
  const progress = decodingProgress(
    {
      log: pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) }),
      async reportProgress({ fraction }) {
        await take(fraction);
        taken.push(fraction);
      },
    },
    'job',
    100,
  );
  return { taken, warnings, progress };
}

test('reports tenths in order, and decoding does not wait for a slow database', async () => {
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { taken, progress } = bench(async () => await answered);
  for (let seconds = 0; seconds <= 100; seconds += 1) progress.advance(seconds);
  assert.deepEqual(taken, []);
  answer();
  await progress.reported();
  assert.deepEqual(taken, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
});

test('a report that is not taken is logged, and the next one is made', async () => {
  const { taken, warnings, progress } = bench(async (fraction) => {
    if (fraction === 0.1) throw new Error('the database is away');
    await Promise.resolve();
  });
  progress.advance(10);
  progress.advance(20);
  await progress.reported();
  assert.deepEqual(taken, [0.2]);
  assert.equal(warnings.length, 1);
});

test('says nothing of a length that nobody claims', async () => {
  const taken: number[] = [];
  const reportProgress = async ({ fraction }: { readonly fraction: number }): Promise<void> => {
    await Promise.resolve();
    taken.push(fraction);
  };
  const progress = decodingProgress({ reportProgress, log: pino({ level: 'silent' }) }, 'job', null);
  progress.advance(1000);
  await progress.reported();
  assert.deepEqual(taken, []);
});
