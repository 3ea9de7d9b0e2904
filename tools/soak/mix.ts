import { killRooms } from './killer.ts';
import { SCALES } from './scales.ts';
import { disturbedTraffic } from './scenario.ts';
import type { ScenarioOf } from './scenario.ts';

/** Any room is killed, one at a time, at random moments. */
export const mix: ScenarioOf = (name) =>
  disturbedTraffic(SCALES[name], async (stage, underWay) => await killRooms(stage, underWay, SCALES[name]));
