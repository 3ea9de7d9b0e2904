import { kill } from './kill.ts';
import { restFor, untilTurn } from './moments.ts';
import type { ScaleName, Traffic } from './scales.ts';
import { disturbedTraffic } from './scenario.ts';
import type { Disturbed, ScenarioOf, Stage, UnderWay } from './scenario.ts';

interface PostgresScale extends Traffic {
  readonly restarts: number;
}

const SCALES: Readonly<Record<ScaleName, PostgresScale>> = {
  smoke: { songsPerPlatform: 2, inFlight: 6, restarts: 1, limitMinutes: 5 },
  ci: { songsPerPlatform: 67, inFlight: 45, restarts: 5, limitMinutes: 8 },
  soak: { songsPerPlatform: 1667, inFlight: 90, restarts: 300, limitMinutes: 240 },
};
const SHORTEST_PAUSE_MS = 5000;
const LONGEST_PAUSE_MS = 10_000;

/** The database is killed, or shut down, every few seconds, and comes back. */
export const postgresRestarts: ScenarioOf = (name) =>
  disturbedTraffic(
    SCALES[name],
    async (stage, underWay) => await restartPostgres(stage, underWay, SCALES[name].restarts),
  );

export async function restartPostgres(stage: Stage, { signal }: UnderWay, times: number): Promise<Disturbed> {
  const { house, random, family, tell } = stage;
  const orphans: Promise<readonly string[]>[] = [];
  let longestDownMs = 0;
  let kills = 0;
  for (let index = 0; index < times && !signal.aborted; index += 1) {
    await restFor(SHORTEST_PAUSE_MS + random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS), signal);
    const pid = await untilTurn(() => house.serverPid('postgres'), signal);
    if (pid === null || signal.aborted) break;
    const isPolite = random() < 0.5;
    // SIGINT breaks all connections off and writes everything out, as an operator's restart does.
    if (isPolite) process.kill(pid, 'SIGINT');
    else {
      const killed = kill(family, pid);
      if (killed === null) continue;
      orphans.push(killed.orphans);
    }
    const atMs = Date.now();
    kills += 1;
    await untilTurn(() => (house.serverPid('postgres') === pid ? null : house.serverPid('postgres')), stage.signal);
    const downMs = Date.now() - atMs;
    longestDownMs = Math.max(longestDownMs, downMs);
    tell(
      `PostgreSQL was ${isPolite ? 'shut down' : 'killed'} (${String(kills)} of ${String(times)}), back after ${String(downMs)} ms`,
    );
  }
  return { orphans: (await Promise.all(orphans)).flat(), figures: { kills, longestDownMs }, unmet: [] };
}
