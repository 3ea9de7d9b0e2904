/** How long a chat waits for its acknowledgement while the Temporal server answers nobody, and what becomes of the songs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLogger } from '../runtime/log.ts';
import { CONFIG_OF_FEW, openSoakHouse } from '../tools/soak/soak-house.ts';
import { openSurfaces, PLATFORMS } from '../tools/soak/surfaces.ts';
import { tinySong } from '../tools/soak/tiny-song.ts';
import { ownFigure } from './figure.ts';
import type { Figure } from './figure.ts';

const EVENTS_PER_SECOND = 50;
const RETURN_LIMIT_MS = 600_000;
const HOLD_EVERY_MS = 100;
const REQUESTS = `WorkflowType = 'handleRequest'`;

/** @param seconds of 50 events each, over all three platforms */
export async function acknowledgementFigures(seconds: number, tell: (line: string) => void): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-bench-'));
  const log = createLogger({ name: 'bench', level: 'warn', destination: { file: join(folder, 'bench.log') } });
  const surfaces = await openSurfaces(1, PLATFORMS);
  const closing: (() => Promise<void>)[] = [surfaces.close];
  try {
    const house = await openSoakHouse({
      folder,
      config: CONFIG_OF_FEW,
      env: surfaces.botEnv,
      bots: PLATFORMS,
      log,
      tell,
    });
    closing.push(house.stop);
    await surfaces.untilConnected();
    tell('The Temporal server stands still …');
    const letGo = hold(() => house.serverPid('temporal'));
    const waits: Promise<number | null>[] = [];
    try {
      const total = seconds * EVENTS_PER_SECOND;
      const startedAt = performance.now();
      for (let number = 0; number < total; number++) {
        const { emulator, send, people, chats } = surfaces.all[
          number % surfaces.all.length
        ] as (typeof surfaces.all)[number];
        const file = { name: `ack-${String(number)}.wav`, bytes: tinySong(number), mimeType: 'audio/wav' };
        const by = people[number % people.length] as string;
        const chat = chats[number % chats.length] as string;
        waits.push(emulator.act(send(file, by, chat)).then(({ acknowledgedMs }) => acknowledgedMs));
        await pause(Math.max(0, startedAt + ((number + 1) * 1000) / EVENTS_PER_SECOND - performance.now()));
      }
      await Promise.all(waits);
    } finally {
      letGo();
    }
    const acknowledged = (await Promise.all(waits)).filter((ms) => ms !== null).toSorted((a, b) => a - b);
    tell(`${String(acknowledged.length)} of ${String(waits.length)} acknowledged; the Temporal server is back …`);
    const started = async (): Promise<number> => (await house.client.workflow.count(REQUESTS)).count;
    for (
      const deadline = Date.now() + RETURN_LIMIT_MS;
      Date.now() < deadline && (await started()) < acknowledged.length;
    ) {
      await pause(500);
    }
    return [
      ownFigure('acknowledgement.p99', 's', (acknowledged[Math.ceil(acknowledged.length * 0.99) - 1] ?? 0) / 1000),
      ownFigure('acknowledgement.max', 's', (acknowledged.at(-1) ?? 0) / 1000),
      ownFigure('acknowledgement.unanswered', 'events', waits.length - acknowledged.length),
      ownFigure('acknowledgement.lost', 'events', acknowledged.length - (await started())),
    ];
  } finally {
    for (const close of closing.toReversed()) await close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Stops the process; whoever is started in its place is stopped as well. @returns what lets the last one go on. */
function hold(pidNow: () => number | null): () => void {
  let held: number | null = null;
  const holdNow = (): void => {
    const pid = pidNow();
    if (pid === null || pid === held) return;
    process.kill(pid, 'SIGSTOP');
    held = pid;
  };
  holdNow();
  const timer = setInterval(holdNow, HOLD_EVERY_MS);
  return () => {
    clearInterval(timer);
    // Where it is null, another one is just being started, and nobody stops it.
    const pid = pidNow();
    if (pid !== null) process.kill(pid, 'SIGCONT');
  };
}
