import { restFor, untilTurn } from './moments.ts';
import type { ScaleName, Traffic } from './scales.ts';
import { disturbedTraffic } from './scenario.ts';
import type { Disturbed, ScenarioOf, Stage, UnderWay } from './scenario.ts';

interface WorkersScale extends Traffic {
  readonly downs: number;
}

const SCALES: Readonly<Record<ScaleName, WorkersScale>> = {
  smoke: { songsPerPlatform: 2, inFlight: 6, downs: 1, limitMinutes: 5 },
  ci: { songsPerPlatform: 17, inFlight: 18, downs: 3, limitMinutes: 8 },
  soak: { songsPerPlatform: 167, inFlight: 30, downs: 20, limitMinutes: 60 },
};
const SHORTEST_DOWN_MS = 1000;
/** Longer than a heartbeat may be missing. */
const LONGEST_DOWN_MS = 8000;

/** All that works for Temporal, the bots included, is killed at once, and started again after a while by somebody who knows nothing of before. */
export const workersDown: ScenarioOf = (name) =>
  disturbedTraffic(SCALES[name], async (stage, underWay) => await takeDown(stage, underWay, SCALES[name].downs));

async function takeDown(stage: Stage, { progress, signal }: UnderWay, times: number): Promise<Disturbed> {
  const { house, random, family, tell } = stage;
  const orphans: string[] = [];
  let downs = 0;
  let kills = 0;
  for (let index = 0; index < times; index += 1) {
    const at = ((index + random()) / times) * 0.9;
    if ((await untilTurn(() => (progress() >= at ? true : null), signal)) === null) break;
    const { pids, orphans: left, up } = await house.takeDown(family);
    const downMs = Math.round(SHORTEST_DOWN_MS + random() * (LONGEST_DOWN_MS - SHORTEST_DOWN_MS));
    await restFor(downMs, stage.signal);
    await up();
    orphans.push(...left);
    downs += 1;
    kills += pids.length;
    tell(`killed all ${String(pids.length)} rooms (${String(downs)} of ${String(times)}) for ${String(downMs)} ms`);
  }
  return { orphans, figures: { kills, downs }, unmet: [] };
}
