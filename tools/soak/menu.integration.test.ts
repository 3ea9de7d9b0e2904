import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createJobs } from '../../db/jobs.repository.ts';
import { createLogger } from '../../runtime/log.ts';
import { watchFamily } from '../../stack/family.test-kit.ts';
import type { SeenMessage } from '../emulators/core/conversation.ts';
import { visibleText } from './judge.ts';
import { openSoakHouse } from './soak-house.ts';
import { openSurfaces } from './surfaces.ts';
import { tinySong } from './tiny-song.ts';
import type { SoakSurface } from './traffic.ts';

const BOTS = ['discord', 'slack'] as const;
const PATIENCE_MS = 120_000;
const CHOICES = 3;
const STEMS = ['mid.wav', 'residual.wav', 'side.wav'];
/** What is chosen on each platform, and the sound that comes of it. */
const CHOSEN = [
  ['Without side', 'minus-side.wav'],
  ['Without mid', 'minus-mid.wav'],
] as const;

test('the menu of a finished card works after every process was killed: one job, whose one file comes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-menu-'));
  const log = createLogger({ name: 'test', level: 'warn', destination: { file: join(folder, 'log') } });
  const surfaces = await openSurfaces(1, BOTS);
  const closing: (() => Promise<void>)[] = [surfaces.close];
  try {
    const house = await openSoakHouse({ folder, env: surfaces.botEnv, bots: BOTS, log, tell: () => undefined });
    closing.push(house.stop);
    await surfaces.untilConnected();
    const rooms: { surface: SoakSurface; card: SeenMessage }[] = [];
    for (const [index, surface] of surfaces.all.entries()) {
      const { emulator, people, chats, send } = surface;
      const file = { name: 'our song.wav', bytes: tinySong(index + 1), mimeType: 'audio/wav' };
      await emulator.act(send(file, people[0] ?? '', chats[0] ?? ''));
      const card = await emulator.conversation.until((message) => entriesOf(message).length > 0, PATIENCE_MS);
      assert.deepEqual(entriesOf(card), ['Only mid', 'Without mid', 'Only side', 'Without side']);
      await until(async () => await Promise.resolve(soundsIn(surface).length === STEMS.length));
      assert.deepEqual(soundsIn(surface), STEMS);
      rooms.push({ surface, card });
    }
    const jobs = createJobs(house.store.database);
    // What is nice to have comes after the result, and the job ends then.
    await until(async () => (await jobs.list({ limit: 10 })).every(({ state }) => state === 'done'));
    const before = (await jobs.list({ limit: 10 })).map(({ id }) => id);
    assert.equal(before.length, rooms.length);

    const down = await house.takeDown(watchFamily(process.pid));
    await down.up();

    for (const [index, { surface, card }] of rooms.entries()) {
      const [label, sound] = CHOSEN[index] ?? assert.fail();
      await choose(surface, card, label);
      await until(async () => await Promise.resolve(soundsIn(surface).includes(sound)));
      assert.deepEqual(soundsIn(surface), [...STEMS, sound].toSorted());
      const said = new RegExp(`${label}[^]*taken this song apart before`, 'iu');
      const shown = await surface.emulator.conversation.until(
        ({ chat, text }) => chat === card.chat && said.test(visibleText(text)),
        PATIENCE_MS,
      );
      assert.deepEqual(entriesOf(shown), []);
      const known = await jobs.list({ limit: 10 });
      assert.equal(known.filter(({ id }) => !before.includes(id)).length, index + 1);
    }
    for (const { emulator } of surfaces.all) assert.deepEqual(emulator.specReport().violations, []);
  } catch (error) {
    const shown = surfaces.all.flatMap(({ emulator, chats }) => emulator.conversation.messages(chats[0] ?? ''));
    const texts = shown.map(({ text }) => visibleText(text)).join('\n--\n');
    throw new Error(`${String(error)}\nwhat stands there:\n${texts}`, { cause: error });
  } finally {
    for (const close of closing.toReversed()) await close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** Several times, by all who are there; what no process heard yet is chosen again. */
async function choose({ emulator, people }: SoakSurface, card: SeenMessage, label: string): Promise<void> {
  const at = { chat: card.chat, thread: card.thread };
  let taken = 0;
  await until(async () => {
    const by = people[taken % people.length] ?? '';
    const { acknowledgedMs } = await emulator.act({ kind: 'press', by, at, messageId: card.id, label });
    if ((await acknowledgedMs) !== null) taken += 1;
    return taken === CHOICES;
  });
}

function entriesOf({ buttons }: SeenMessage): readonly string[] {
  return buttons.flatMap(({ label, menu }) => (menu === undefined ? [] : [label]));
}

/** Of the bot, in threads too, by name. */
function soundsIn({ emulator, chats }: SoakSurface): readonly string[] {
  const messages = emulator.conversation.messages(chats[0] ?? '').filter(({ by }) => by === 'bot');
  const names = messages.flatMap(({ files }) => files.map(({ name }) => name));
  return names.filter((name) => name.endsWith('.wav')).toSorted();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await condition());) {
    if (Date.now() > deadline) throw new Error(`it did not come true: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
