import { flood } from './flood.ts';
import { mix } from './mix.ts';
import { postgresRestarts } from './postgres-restarts.ts';
import { temporalDies } from './temporal-dies.ts';
import { workersDown } from './workers-down.ts';
import type { ScenarioOf } from './scenario.ts';

export const SCENARIOS = {
  mix,
  temporal: temporalDies,
  postgres: postgresRestarts,
  workers: workersDown,
  flood,
} as const satisfies Record<string, ScenarioOf>;
export type ScenarioName = keyof typeof SCENARIOS;
