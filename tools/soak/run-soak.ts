import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createJobs } from '../../db/jobs.repository.ts';
import { createLogger } from '../../runtime/log.ts';
import { watchFamily } from '../../stack/family.test-kit.ts';
import type { Conversation } from '../emulators/core/conversation.ts';
import { randomFaults, USUAL_MIX } from '../emulators/core/faults.ts';
import { seededRandom } from '../emulators/core/seeded-random.ts';
import { judge, visibleText } from './judge.ts';
import { killRooms } from './killer.ts';
import type { Scale } from './scales.ts';
import { openSoakHouse } from './soak-house.ts';
import { openSurfaces } from './surfaces.ts';
import type { SoakPlatform } from './surfaces.ts';
import { sendSongs } from './traffic.ts';
import type { SentSong } from './traffic.ts';

/** Integers over all platforms. */
export interface SoakReport {
  readonly seed: number;
  readonly jobs: number;
  readonly deliveries: number;
  readonly kills: number;
  readonly workerKills: number;
  readonly botKills: number;
  /** Results alone; placeholders are {@link strays}. */
  readonly duplicates: number;
  readonly strays: number;
  readonly missing: number;
  readonly lost: number;
  readonly stuck: number;
  readonly orphans: number;
  /** Requests of the bots, and how many of them broke the platform's description. */
  readonly requests: number;
  readonly violations: number;
  readonly seconds: number;
  readonly findings: readonly string[];
}

export interface SoakOptions {
  readonly scale: Scale;
  readonly seed: number;
  readonly platforms: readonly SoakPlatform[];
  readonly tell: (line: string) => void;
}

/** What is under way when the last result stands: a last edit, a workflow's last row. */
const SETTLE_MS = 20_000;
const MOST_JOBS = 1_000_000;
/** Reading the process table is dear; what lives shorter than this is no orphan. */
export const LOOK_EVERY_MS = 500;

export async function runSoak({ scale, seed, platforms, tell }: SoakOptions): Promise<SoakReport> {
  const startedAt = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-soak-'));
  const family = watchFamily(process.pid, LOOK_EVERY_MS);
  const log = createLogger({ name: 'soak', level: 'warn', destination: { file: join(folder, 'soak.log') } });
  const random = seededRandom(seed);
  const surfaces = await openSurfaces(seed, platforms);
  const closing: (() => Promise<void>)[] = [surfaces.close];
  try {
    tell('Starting the stack …');
    const house = await openSoakHouse({ folder, env: surfaces.botEnv, bots: platforms, log, tell });
    closing.push(house.stop);
    await surfaces.untilConnected();
    for (const { emulator } of surfaces.all)
      emulator.setFaults(randomFaults(USUAL_MIX, seededRandom(random() * 2 ** 31)));

    const jobs = createJobs(house.store.database);
    const limit = AbortSignal.timeout(scale.limitMinutes * 60_000);
    const total = scale.songsPerPlatform * surfaces.all.length;
    let delivered = 0;
    const standing = watchResults(surfaces.all.map(({ emulator }) => emulator.conversation));
    const songs = sendSongs({
      surfaces: surfaces.all,
      songsPerPlatform: scale.songsPerPlatform,
      inFlight: scale.inFlight,
      seed,
      isDelivered: ({ title }: SentSong) => standing.has(title),
      onDelivered() {
        delivered += 1;
        if (delivered % Math.ceil(total / 20) === 0)
          tell(`${String(delivered)} of ${String(total)} songs have their stems`);
      },
      signal: limit,
    });
    const over = new AbortController();
    const killing = killRooms({
      house,
      scale,
      bots: platforms,
      random,
      progress: () => delivered / total,
      signal: over.signal,
      tell,
    });
    const sent = await songs;
    over.abort();
    const kills = await killing;
    await untilQuiet(async () => (await jobs.list({ limit: 1, unfinishedOnly: true })).length === 0);
    const ended = await jobs.list({ limit: MOST_JOBS });

    const requests = surfaces.all.reduce((sum, { emulator }) => sum + emulator.requests.length, 0);
    const reports = surfaces.all.map(({ emulator }) => ({ platform: emulator.platform, ...emulator.specReport() }));
    const conversations = new Map(surfaces.all.map(({ emulator }) => [emulator.platform, emulator.conversation]));
    const { findings, failed, ...counts } = judge(sent, ended, conversations);
    for (const close of closing.splice(0).toReversed()) await close();
    const survivors = [...kills.orphans, ...(await family.survivors())];
    return {
      seed,
      jobs: ended.length,
      ...counts,
      // A job that failed delivered nothing, and nothing in this run is wrong with any song.
      missing: counts.missing + failed,
      kills: kills.workers + kills.bots,
      workerKills: kills.workers,
      botKills: kills.bots,
      orphans: survivors.length,
      requests,
      violations: reports.reduce((sum, report) => sum + report.violations.length, 0),
      seconds: Math.round((Date.now() - startedAt) / 1000),
      findings: [
        ...findings,
        ...survivors.map((command) => `orphan: ${command}`),
        ...reports.flatMap(({ platform, violations }) => violations.slice(0, 10).map((text) => `${platform}: ${text}`)),
        ...reports.map(({ platform, covered, listed, source }) =>
          source === null
            ? `${platform}: no description at hand, ${String(listed)} requests held against our own list alone`
            : `${platform}: ${String(covered)} requests as the description says, ${String(listed)} as our own list says`,
        ),
      ],
    };
  } finally {
    for (const close of closing.toReversed()) await close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Titles of songs whose card shows a result. */
function watchResults(conversations: readonly Conversation[]): ReadonlySet<string> {
  const titles = new Set<string>();
  for (const conversation of conversations) {
    conversation.watch((event) => {
      if (event.kind !== 'edited' && event.kind !== 'posted') return;
      const { by } = event.message;
      const text = visibleText(event.message.text);
      const title = /soak-[a-z]+-\d{5}/u.exec(text)?.[0];
      if (by === 'bot' && title !== undefined && text.includes('LUFS')) titles.add(title);
    });
  }
  return titles;
}

async function untilQuiet(isQuiet: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + SETTLE_MS; Date.now() < deadline && !(await isQuiet());) await pause(200);
}
