import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createJobs } from '../../db/jobs.repository.ts';
import { createLinking } from '../../db/linking.repository.ts';
import { createLogger } from '../../runtime/log.ts';
import type { SeenMessage } from '../emulators/core/conversation.ts';
import { visibleText } from './judge.ts';
import { openSoakHouse } from './soak-house.ts';
import { openSurfaces } from './surfaces.ts';
import { tinySong } from './tiny-song.ts';

const PATIENCE_MS = 90_000;
const SIGN_IN = { WOODSHED_LINKING: 'always', DISCORD_CLIENT_ID: '1', DISCORD_CLIENT_SECRET: 'secret' };
const RESULT = /LUFS/u;
/** When the control worker is killed, counted from the link: before it, with it, while the result is on its way. */
const KILLS_MS = [-1, 0, 60] as const;

test('from a song whose asker nobody knows to the stems that come with the link, once, whoever is killed in between', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-linking-'));
  const log = createLogger({ name: 'test', level: 'warn', destination: { file: join(folder, 'log') } });
  const surfaces = await openSurfaces(1, ['discord']);
  const closing: (() => Promise<void>)[] = [surfaces.close];
  try {
    const env = { ...surfaces.botEnv, ...SIGN_IN };
    const house = await openSoakHouse({ folder, env, bots: ['discord'], log, tell: () => undefined });
    closing.push(house.stop);
    await surfaces.untilConnected();
    const [discord] = surfaces.all;
    assert.ok(discord !== undefined);
    const { emulator, people } = discord;
    const { conversation } = emulator;
    const [ada = '', ben = ''] = people;
    const chat = discord.chats[0] ?? '';
    const { database } = house.store;
    const linking = createLinking(database);
    const jobs = createJobs(database);

    async function card(title: string, pattern: RegExp): Promise<SeenMessage> {
      return await conversation.until(
        ({ by, onlyFor, text }) =>
          by === 'bot' && onlyFor === null && visibleText(text).includes(title) && pattern.test(visibleText(text)),
        PATIENCE_MS,
      );
    }

    async function send(by: string, title: string, seed: number): Promise<SeenMessage> {
      const file = { name: `${title}.wav`, bytes: tinySong(seed), mimeType: 'audio/wav' };
      await emulator.act(discord?.send(file, by, chat) ?? assert.fail());
      return await card(title, /is ready[^]*link your account/u);
    }

    const used = new Set<string>();
    function pageIn({ buttons }: SeenMessage): string | undefined {
      return buttons.map(({ url }) => url ?? '').find((url) => url.includes('/link/') && !used.has(url));
    }

    /** As the web page does it, once the browser has shown who is there. */
    async function link(by: string, waiting: SeenMessage): Promise<void> {
      const at = { chat, thread: waiting.thread };
      await emulator.act({ kind: 'press', by, at, messageId: waiting.id, label: 'Link account' });
      const told = await conversation.until(
        (message) => message.onlyFor === by && pageIn(message) !== undefined,
        PATIENCE_MS,
      );
      const url = pageIn(told) ?? '';
      used.add(url);
      const token = /^https:\/\/woodshed\.example\/link\/([\w-]{43})$/u.exec(url)?.[1] ?? assert.fail(url);
      assert.equal((await linking.look(token))?.userId, by);
      const [member] = await database.use(
        async (em) =>
          await em.execute<{ id: string }[]>("insert into member (display_name) values ('Ada') returning id"),
      );
      assert.equal(await linking.redeem(token, member?.id ?? ''), 'linked');
    }

    const waiting = await send(ada, 'first song', 1);
    assert.deepEqual(
      waiting.buttons.map(({ label }) => label),
      ['Link account', 'Cancel'],
    );
    await pause(500);
    assert.ok(conversation.messages(chat).every(({ by, files }) => by !== 'bot' || files.length === 0));
    await link(ada, waiting);
    const linkedMs = performance.now();
    await card('first song', RESULT);
    t.diagnostic(`from the link to the result: ${(performance.now() - linkedMs).toFixed(0)} ms`);

    // Ada is known from now on.
    await emulator.act(discord.send({ name: 'second song.wav', bytes: tinySong(2), mimeType: 'audio/wav' }, ada, chat));
    await card('second song', RESULT);

    for (const [index, killMs] of KILLS_MS.entries()) {
      const title = `killed ${String(index)}`;
      const shown = await send(ben, title, 10 + index);
      const kill = (): void => {
        const pid = house.pidOf('control');
        if (pid !== null) process.kill(pid, 'SIGKILL');
      };
      if (killMs < 0) kill();
      await link(ben, shown);
      if (killMs >= 0) {
        await pause(killMs);
        kill();
      }
      await card(title, RESULT);
      await linking.unlink({ platform: 'discord', userId: ben, displayName: 'Ben' });
    }

    while ((await jobs.list({ limit: 1, unfinishedOnly: true })).length > 0) await pause(50);
    const all = await jobs.list({ limit: 10 });
    assert.deepEqual(
      all.map(({ state }) => state),
      Array.from({ length: 2 + KILLS_MS.length }, () => 'done'),
    );
    const sounds = conversation.messages(chat).flatMap(({ by, files }) => (by === 'bot' ? files : []));
    const count = (name: string): number => sounds.filter((file) => file.name === name).length;
    assert.deepEqual([count('mid.wav'), count('side.wav'), count('residual.wav')], [5, 5, 5], 'each once');
    assert.deepEqual(emulator.specReport().violations, []);
  } finally {
    for (const close of closing.toReversed()) await close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
