import type { JobView } from '../../workflows/contract/job-view.ts';
import { kill } from './kill.ts';
import { untilTurn } from './moments.ts';
import type { ScaleName, Traffic } from './scales.ts';
import { disturbedTraffic } from './scenario.ts';
import type { Disturbed, ScenarioOf, Stage, UnderWay } from './scenario.ts';

interface TemporalScale extends Traffic {
  readonly kills: number;
}

const SCALES: Readonly<Record<ScaleName, TemporalScale>> = {
  smoke: { songsPerPlatform: 2, inFlight: 6, kills: 1, limitMinutes: 5 },
  ci: { songsPerPlatform: 10, inFlight: 15, kills: 3, limitMinutes: 8 },
  soak: { songsPerPlatform: 167, inFlight: 30, kills: 25, limitMinutes: 60 },
};
/** What was under way when the server came back is to have ended within this time, and the time that a song takes without that. */
const RECOVERY_MS = 60_000;
const MOST_JOBS = 1000;

/** The Temporal server is killed and comes back with its file, again and again. */
export const temporalDies: ScenarioOf = (name) =>
  disturbedTraffic(SCALES[name], async (stage, underWay) => await killTemporal(stage, underWay, SCALES[name].kills));

/** Jobs that had not ended when the server answered again. */
interface Return {
  readonly atMs: number;
  readonly jobIds: readonly string[];
}

export async function killTemporal(stage: Stage, { progress, signal }: UnderWay, times: number): Promise<Disturbed> {
  const { house, jobs, random, family, tell } = stage;
  const orphans: Promise<readonly string[]>[] = [];
  const returns: Return[] = [];
  let longestDownMs = 0;
  let kills = 0;
  for (let index = 0; index < times; index += 1) {
    const at = ((index + random()) / times) * 0.9;
    const pid = await untilTurn(() => (progress() >= at ? house.serverPid('temporal') : null), signal);
    if (pid === null) break;
    const killed = kill(family, pid);
    if (killed === null) continue;
    orphans.push(killed.orphans);
    const killedAtMs = Date.now();
    kills += 1;
    // The songs that wait need it: it comes back before they are over.
    await untilTurn(() => (house.serverPid('temporal') === pid ? null : house.serverPid('temporal')), stage.signal);
    const atMs = Date.now();
    longestDownMs = Math.max(longestDownMs, atMs - killedAtMs);
    const unfinished = await jobs.list({ limit: MOST_JOBS, unfinishedOnly: true });
    returns.push({ atMs, jobIds: unfinished.map(({ id }) => id) });
    tell(
      `killed Temporal (${String(kills)} of ${String(times)}), ${String(unfinished.length)} jobs under way, back after ${String(atMs - killedAtMs)} ms`,
    );
  }
  await untilTurn(() => (signal.aborted ? true : null), stage.signal);
  const all = await jobs.list({ limit: MOST_JOBS });
  const slowest = slowestRecovery(returns, all);
  const undisturbedMs = undisturbedSongMs(returns, all);
  return {
    orphans: (await Promise.all(orphans)).flat(),
    figures: { kills, longestDownMs, slowestRecoveryMs: slowest.ms, undisturbedMs },
    unmet:
      slowest.ms <= RECOVERY_MS + undisturbedMs
        ? []
        : [`${slowest.code} ended ${String(slowest.ms)} ms after the server was back`],
  };
}

/** The slowest song that no death of the server met; 0 where each was met by one. */
function undisturbedSongMs(returns: readonly Return[], all: readonly JobView[]): number {
  const met = new Set(returns.flatMap(({ jobIds }) => jobIds));
  const spans = all.flatMap(({ id, createdAt, endedAt }) =>
    met.has(id) || endedAt === null ? [] : endedAt.getTime() - createdAt.getTime(),
  );
  return Math.max(0, ...spans);
}

function slowestRecovery(
  returns: readonly Return[],
  all: readonly JobView[],
): { readonly ms: number; readonly code: string } {
  let slowest = { ms: 0, code: '' };
  for (const { id, code, endedAt } of all) {
    for (const { atMs, jobIds } of returns) {
      // One that has not ended yet is found stuck, or ends any moment now.
      const ms = Math.round((endedAt?.getTime() ?? Date.now()) - atMs);
      if (jobIds.includes(id) && ms > slowest.ms) slowest = { ms, code };
    }
  }
  return slowest;
}
