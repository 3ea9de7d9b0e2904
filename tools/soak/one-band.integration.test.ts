import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createJobs } from '../../db/jobs.repository.ts';
import { createLogger } from '../../runtime/log.ts';
import type { SeenFile, SeenMessage } from '../emulators/core/conversation.ts';
import { visibleText } from './judge.ts';
import { openSoakHouse } from './soak-house.ts';
import { openSurfaces, PLATFORMS } from './surfaces.ts';
import type { SoakSurface } from './traffic.ts';
import { tinySong } from './tiny-song.ts';

const PATIENCE_MS = 90_000;

test('one band on three platforms: one upload is one job, with a card and the stems in every chat', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-band-'));
  const log = createLogger({ name: 'test', level: 'warn', destination: { file: join(folder, 'log') } });
  const surfaces = await openSurfaces(1, PLATFORMS);
  const closing: (() => Promise<void>)[] = [surfaces.close];
  try {
    const tell = (): void => undefined;
    const house = await openSoakHouse({ folder, env: surfaces.botEnv, bots: PLATFORMS, log, tell });
    closing.push(house.stop);
    await surfaces.untilConnected();
    const [discord, slack, telegram] = surfaces.all as readonly [SoakSurface, SoakSurface, SoakSurface];

    async function said(surface: SoakSurface, pattern: RegExp): Promise<SeenMessage> {
      return await surface.emulator.conversation.until(
        ({ by, chat, text }) => by === 'bot' && chat === chatOf(surface) && pattern.test(visibleText(text)),
        PATIENCE_MS,
      );
    }
    for (const other of [slack, telegram]) {
      const before = discord.emulator.conversation.messages(chatOf(discord)).length;
      await jam(discord, 'band code');
      const told = await discord.emulator.conversation.until(
        (message) =>
          discord.emulator.conversation.messages(chatOf(discord)).indexOf(message) >= before && CODE.test(message.text),
        PATIENCE_MS,
      );
      await jam(other, `band join ${CODE.exec(told.text)?.[0] ?? ''}`);
      await said(other, /joined/u);
    }

    const file = { name: 'our song.wav', bytes: tinySong(7), mimeType: 'audio/wav' };
    await telegram.emulator.act(telegram.send(file, telegram.people[0] ?? '', chatOf(telegram)));
    for (const surface of surfaces.all) {
      await said(surface, /our song[^]*LUFS/u);
    }
    const jobs = await createJobs(house.store.database).list({ limit: 10 });
    assert.equal(jobs.length, 1);
    for (const surface of surfaces.all) {
      const { conversation } = surface.emulator;
      const shown = conversation.messages(chatOf(surface)).flatMap(({ by, files }) => (by === 'bot' ? files : []));
      const sounds = shown.map(({ name }) => name).filter((name) => name.endsWith('.wav'));
      assert.deepEqual(sounds.toSorted(), ['mid.wav', 'residual.wav', 'side.wav'], surface.emulator.platform);
    }

    // On Telegram the documents come again as songs of one album, for whoever wants to hear them.
    const card = await said(telegram, /our song[^]*LUFS/u);
    const at = { chat: chatOf(telegram), thread: card.thread };
    for (const by of telegram.people) {
      await telegram.emulator.act({ kind: 'press', by, at, messageId: card.id, label: 'As album' });
    }
    const { conversation } = telegram.emulator;
    await conversation.until(({ files }) => files.some(({ name }) => name === 'side.mp3'), PATIENCE_MS);
    const songs = conversation.messages(chatOf(telegram)).flatMap(({ files }) => files.filter(isSong));
    assert.deepEqual(
      songs.map(({ name, shownAs }) => `${name} as ${shownAs}`),
      ['mid.mp3 as audio', 'side.mp3 as audio'],
    );
    for (const { emulator } of surfaces.all) assert.deepEqual(emulator.specReport().violations, []);
  } catch (error) {
    throw new Error(`${String(error)}\n${await whatHappened(surfaces.all, join(folder, 'data', 'logs'))}`, {
      cause: error,
    });
  } finally {
    for (const close of closing.toReversed()) await close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

/** As invitations are written: without letters and digits that look alike. */
const CODE = /\b[A-HJ-NP-Z2-9]{8}\b/u;

function isSong({ name }: SeenFile): boolean {
  return name.endsWith('.mp3');
}

function chatOf({ chats }: SoakSurface): string {
  return chats[0] ?? '';
}

const LINES = 30;

/** What each platform was asked last, and the last lines of each room's log: a failure elsewhere is not seen twice. */
async function whatHappened(surfaces: readonly SoakSurface[], logs: string): Promise<string> {
  const asked = surfaces.map(({ emulator: { platform, requests } }) => {
    const lines = requests
      .slice(-LINES)
      .map(({ atMs, method, status }) => `${String(atMs)} ${method} ${String(status)}`);
    return [`asked of ${platform}:`, ...lines].join('\n');
  });
  const written = (await readdir(logs)).map(async (name) => {
    const lines = (await readFile(join(logs, name), 'utf8')).split('\n');
    return [`${name}:`, ...lines.slice(-LINES)].join('\n');
  });
  return [...asked, ...(await Promise.all(written))].join('\n');
}

/** `/jam …`, as it is typed there. */
async function jam(surface: SoakSurface, text: string): Promise<void> {
  const at = { chat: chatOf(surface), thread: null };
  const by = surface.people[0] ?? '';
  const acted = await surface.emulator.act({ kind: 'command', by, at, verb: 'jam', options: {}, text, file: null });
  await acted.acknowledgedMs;
}
