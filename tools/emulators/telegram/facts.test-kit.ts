/** Facts of the Bot API's documentation as tests: what a bot may rely on, and what will trip it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TelegramOptions } from './options.ts';
import { withBench } from './telegram.test-kit.ts';
import type { ApiAnswer, Bench } from './telegram.test-kit.ts';

export interface Fact {
  readonly says: string;
  readonly options?: TelegramOptions;
  readonly check: (bench: Bench) => Promise<void>;
}

export function refused(answer: ApiAnswer, code: number, description: string | RegExp): void {
  assert.equal(answer.ok, false);
  assert.equal(answer.status, code);
  assert.equal(answer.error_code, code);
  if (typeof description === 'string') assert.equal(answer.description, description);
  else assert.match(answer.description ?? '', description);
}

export function idOf(answer: ApiAnswer): number {
  assert.equal(answer.ok, true, answer.description);
  return Number(answer.result?.message_id);
}

/** @returns what `message` holds in the only update that waits */
export async function onlyMessage({ updates }: Bench, kind = 'message'): Promise<Record<string, unknown>> {
  const waiting = await updates();
  assert.deepEqual(
    waiting.map((update) => Object.keys(update)),
    [['update_id', kind]],
  );
  return waiting[0]?.[kind] as Record<string, unknown>;
}

export function checkFacts(facts: readonly Fact[]): void {
  for (const { says, options = {}, check } of facts) {
    test(says, { timeout: 120_000 }, async () => {
      await withBench(options, check);
    });
  }
}
