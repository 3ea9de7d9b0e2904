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
import type { Played, Scenario } from './scenario.ts';
import { CONFIG_OF_FEW, openSoakHouse } from './soak-house.ts';
import { openSurfaces } from './surfaces.ts';
import type { SoakPlatform } from './surfaces.ts';

/** Integers over all platforms. */
export interface SoakReport {
  readonly seed: number;
  readonly jobs: number;
  readonly deliveries: number;
  /** Results alone; placeholders are {@link strays}. */
  readonly duplicates: number;
  readonly strays: number;
  readonly missing: number;
  readonly lost: number;
  readonly stuck: number;
  readonly orphans: number;
  /** Songs that nobody took, however often they were sent. */
  readonly untaken: number;
  /** Goals of the scenario's own that were missed. */
  readonly unmet: number;
  /** Requests of the bots, and how many of them broke the platform's description. */
  readonly requests: number;
  readonly violations: number;
  readonly seconds: number;
  /** What this scenario counts of its own, `kills` in any. */
  readonly figures: Played['figures'];
  readonly findings: readonly string[];
}

export interface SoakOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly platforms: readonly SoakPlatform[];
  readonly tell: (line: string) => void;
}

/** What is under way when the last result stands: a last edit that is tried again and again, a workflow's last row. */
const SETTLE_MS = 90_000;
const MOST_JOBS = 1_000_000;
/** Reading the process table is dear; what lives shorter than this is no orphan. */
export const LOOK_EVERY_MS = 500;

export async function runSoak({ scenario, seed, platforms, tell }: SoakOptions): Promise<SoakReport> {
  const startedAt = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'woodshed-soak-'));
  const family = watchFamily(process.pid, LOOK_EVERY_MS);
  const log = createLogger({ name: 'soak', level: 'warn', destination: { file: join(folder, 'soak.log') } });
  const random = seededRandom(seed);
  const surfaces = await openSurfaces(seed, platforms, scenario.crowd);
  const closing: (() => Promise<void>)[] = [surfaces.close];
  try {
    tell('Starting the stack …');
    const config = scenario.crowd === null ? { config: CONFIG_OF_FEW } : {};
    const house = await openSoakHouse({ folder, ...config, env: surfaces.botEnv, bots: platforms, log, tell });
    closing.push(house.stop);
    await surfaces.untilConnected();
    for (const { emulator } of surfaces.all)
      if (scenario.faults) emulator.setFaults(randomFaults(USUAL_MIX, seededRandom(random() * 2 ** 31)));

    const jobs = createJobs(house.store.database);
    const { sent, orphans, figures, unmet } = await scenario.play({
      house,
      surfaces: surfaces.all,
      jobs,
      seed,
      random,
      results: watchResults(surfaces.all.map(({ emulator }) => emulator.conversation)),
      family,
      signal: AbortSignal.timeout(scenario.limitMinutes * 60_000),
      tell,
    });
    await untilQuiet(async () => (await jobs.list({ limit: 1, unfinishedOnly: true })).length === 0);
    const ended = await jobs.list({ limit: MOST_JOBS });

    const requests = surfaces.all.reduce((sum, { emulator }) => sum + emulator.requests.length, 0);
    const reports = surfaces.all.map(({ emulator }) => ({ platform: emulator.platform, ...emulator.specReport() }));
    const conversations = new Map(surfaces.all.map(({ emulator }) => [emulator.platform, emulator.conversation]));
    const { findings, failed, ...counts } = judge(sent, ended, conversations);
    for (const close of closing.splice(0).toReversed()) await close();
    const untaken = sent.filter(({ acknowledged }) => !acknowledged);
    const survivors = [...orphans, ...(await family.survivors())];
    return {
      seed,
      jobs: ended.length,
      ...counts,
      // A job that failed delivered nothing, and nothing in this run is wrong with any song.
      missing: counts.missing + failed,
      orphans: survivors.length,
      untaken: untaken.length,
      unmet: unmet.length,
      requests,
      violations: reports.reduce((sum, report) => sum + report.violations.length, 0),
      seconds: Math.round((Date.now() - startedAt) / 1000),
      figures,
      findings: [
        ...findings,
        ...untaken.map(({ title }) => `untaken: ${title}`),
        ...unmet.map((goal) => `unmet: ${goal}`),
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

/** Titles of songs whose card shows a result, and since when; milliseconds since 1970. */
function watchResults(conversations: readonly Conversation[]): ReadonlyMap<string, number> {
  const shown = new Map<string, number>();
  for (const conversation of conversations) {
    conversation.watch((event) => {
      if (event.kind !== 'edited' && event.kind !== 'posted') return;
      const { by } = event.message;
      const text = visibleText(event.message.text);
      const title = /soak-[a-z]+-\d{5}/u.exec(text)?.[0];
      if (by !== 'bot' || title === undefined || !text.includes('LUFS')) return;
      if (!shown.has(title)) shown.set(title, event.atMs);
    });
  }
  return shown;
}

async function untilQuiet(isQuiet: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + SETTLE_MS; Date.now() < deadline && !(await isQuiet());) await pause(200);
}
