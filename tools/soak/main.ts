/**
 * `npm run -s soak -- [--scenario NAME] [--scale NAME] [--seed N] [--only PLATFORM,…] [--json]`: a whole Woodshed in a temporary folder, three
 * emulated platforms that misbehave, musicians who send songs, and what the scenario does meanwhile. One JSON object on standard output; all
 * else on standard error. Exit code 0 only where nothing was doubled, missing, lost, stuck, left running or missed.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runSoak } from './run-soak.ts';
import { SCALE_NAMES } from './scales.ts';
import { SCENARIOS } from './scenarios.ts';
import type { ScenarioName } from './scenarios.ts';
import { PLATFORMS } from './surfaces.ts';

const SCENARIO_NAMES = Object.keys(SCENARIOS) as [ScenarioName, ...ScenarioName[]];
const USAGE = `usage: npm run -s soak -- [--scenario ${SCENARIO_NAMES.join('|')}] [--scale ${SCALE_NAMES.join('|')}] [--seed N] [--only ${PLATFORMS.join()}] [--json]`;
const options = z.object({
  scenario: z.enum(SCENARIO_NAMES),
  scale: z.enum(SCALE_NAMES),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31),
  json: z.boolean(),
  only: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(PLATFORMS)).min(1))
    .optional(),
});

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string', default: 'mix' },
      scale: { type: 'string', default: 'ci' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      json: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  });
  const parsed = options.safeParse(values);
  const scenario = parsed.success ? SCENARIOS[parsed.data.scenario](parsed.data.scale) : null;
  const own = scenario?.platform ?? null;
  const platforms = parsed.data?.only ?? (own === null ? PLATFORMS : [own]);
  if (!parsed.success || scenario === null || (own !== null && platforms.join() !== own)) {
    tell(own === null ? USAGE : `${values.scenario} runs on ${own} alone`);
    process.exitCode = 2;
    return;
  }
  const { scale, seed, json } = parsed.data;
  tell(`scenario ${parsed.data.scenario}, scale ${scale}, seed ${String(seed)}`);
  const { findings, figures, ...counts } = await runSoak({ scenario, seed, platforms, tell });
  const report = { ...counts, ...figures };
  for (const finding of findings) tell(finding);
  process.stdout.write(
    json
      ? `${JSON.stringify(report)}\n`
      : `${Object.entries(report)
          .map(([name, value]) => `${name.padEnd(20)}${String(value)}`)
          .join('\n')}\n`,
  );
  const { duplicates, missing, lost, stuck, orphans, untaken, unmet } = counts;
  const bad = duplicates + missing + lost + stuck + orphans + untaken + unmet;
  process.exitCode = bad === 0 ? 0 : 1;
}

await main().catch((error: unknown) => {
  tell(String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
});
