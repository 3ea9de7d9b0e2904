/** Documented facts as a table: each a name and a check of its own, against an emulator of its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DiscordEmulator } from './discord-emulator.ts';
import { LIMIT, MESSAGES, call, command, connect, nextEvent, withDiscord } from './discord.test-kit.ts';
import type { DiscordOptions } from './options.ts';

export type Fact = readonly [
  name: string,
  check: (discord: DiscordEmulator) => Promise<void>,
  options?: DiscordOptions,
];

export const INVALID = [400, 50_035] as const;
export const row = (...components: readonly object[]): object => ({ type: 1, components });
export const button = (more: object = {}): object => ({ type: 2, style: 2, label: 'Go', custom_id: 'go', ...more });

/** @returns the names of the wrong fields */
export async function wrongFields(discord: DiscordEmulator, body: object, path = MESSAGES): Promise<string[]> {
  const { status, body: answer } = await call(discord, `POST ${path}`, { body });
  assert.deepEqual([status, answer?.['code'], answer?.['message']], [...INVALID, 'Invalid Form Body']);
  return Object.keys(answer?.['errors'] as object);
}

/** An interaction as the bot is told of it, unanswered. */
export async function opened(
  discord: DiscordEmulator,
): Promise<{ readonly callback: string; readonly webhook: string; readonly acknowledgedMs: Promise<number | null> }> {
  const gateway = await connect(discord);
  const { acknowledgedMs } = await command(discord, 'split');
  const { id, token } = await nextEvent(gateway, 'INTERACTION_CREATE');
  gateway.drop();
  return {
    callback: `/interactions/${String(id)}/${String(token)}/callback`,
    webhook: `/webhooks/${discord.botId}/${String(token)}`,
    acknowledgedMs,
  };
}

export function testFacts(group: string, facts: readonly Fact[]): void {
  describe(`the emulated Discord: ${group}`, () => {
    for (const [name, check, options = {}] of facts) it(name, LIMIT, () => withDiscord(options, check));
  });
}
