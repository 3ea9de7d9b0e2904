/**
 * `npm run -s soak -- --scale smoke|ci|soak [--seed N] [--only discord,slack,telegram] [--json]`: a whole Woodshed in a temporary folder, three emulated platforms that
 * misbehave, musicians who send songs, and rooms that are killed meanwhile. One JSON object on standard output; all else on standard error.
 * Exit code 0 only where nothing was doubled, missing, lost, stuck or left running.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runSoak } from './run-soak.ts';
import { SCALES } from './scales.ts';
import type { ScaleName } from './scales.ts';
import { PLATFORMS } from './surfaces.ts';

const USAGE = 'usage: npm run -s soak -- --scale smoke|ci|soak [--seed N] [--only discord,slack,telegram] [--json]';
const options = z.object({
  scale: z.enum(Object.keys(SCALES) as [ScaleName, ...ScaleName[]]),
  seed: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31),
  json: z.boolean(),
  only: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(PLATFORMS)).min(1)),
});

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scale: { type: 'string', default: 'ci' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      json: { type: 'boolean', default: false },
      only: { type: 'string', default: PLATFORMS.join() },
    },
  });
  const parsed = options.safeParse(values);
  if (!parsed.success) {
    tell(USAGE);
    process.exitCode = 2;
    return;
  }
  const { scale, seed, json, only } = parsed.data;
  tell(`seed ${String(seed)}, scale ${scale}`);
  const { findings, ...report } = await runSoak({ scale: SCALES[scale], seed, platforms: only, tell });
  for (const finding of findings) tell(finding);
  process.stdout.write(
    json
      ? `${JSON.stringify(report)}\n`
      : `${Object.entries(report)
          .map(([name, value]) => `${name.padEnd(12)}${String(value)}`)
          .join('\n')}\n`,
  );
  const bad = report.duplicates + report.missing + report.lost + report.stuck + report.orphans;
  process.exitCode = bad === 0 ? 0 : 1;
}

await main().catch((error: unknown) => {
  tell(String(error instanceof Error ? error.stack : error));
  process.exitCode = 1;
});
