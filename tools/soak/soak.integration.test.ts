import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { runSoak } from './run-soak.ts';
import { mix } from './mix.ts';
import { SCALES } from './scales.ts';
import { PLATFORMS } from './surfaces.ts';

test('whatever fails and whoever is killed, every song has its result once', async (t) => {
  const seed = Number(process.env.WOODSHED_TEST_SEED ?? randomInt(2 ** 31));
  t.diagnostic(`WOODSHED_TEST_SEED=${String(seed)}`);
  const { findings, ...report } = await runSoak({
    scenario: mix('smoke'),
    seed,
    platforms: PLATFORMS,
    tell: (line) => t.diagnostic(line),
  });
  t.diagnostic(JSON.stringify(report));
  const { duplicates, missing, lost, stuck, orphans, untaken, unmet, violations, deliveries, figures } = report;
  assert.deepEqual(
    { duplicates, missing, lost, stuck, orphans, untaken, unmet, violations },
    { duplicates: 0, missing: 0, lost: 0, stuck: 0, orphans: 0, untaken: 0, unmet: 0, violations: 0 },
    findings.join('\n'),
  );
  assert.ok(deliveries >= SCALES.smoke.songsPerPlatform * PLATFORMS.length, String(deliveries));
  assert.ok(figures.kills > 0, 'somebody was killed');
});
