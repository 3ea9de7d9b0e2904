import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from './config.ts';
import { runtimeChecks } from './doctor-checks.ts';
import { describeFinding, examine } from './doctor.ts';

test('each part is [OK], or says what is missing and what mends it', async () => {
  const lines: string[] = [];
  const ok = await examine(
    [
      { name: 'good', run: () => Promise.resolve({ ok: true, detail: 'here' }) },
      { name: 'bad', run: () => Promise.resolve({ ok: false, detail: 'away', mend: 'npm ci' }) },
      { name: 'broken', run: () => Promise.reject(new Error('two\nlines')) },
      { name: 'so-so', run: () => Promise.resolve({ ok: true, detail: 'old', mend: 'upgrade' }) },
    ],
    (line) => lines.push(line),
  );
  assert.equal(ok, false);
  assert.deepEqual(lines, [
    '[OK] good: here',
    '[--] bad: away',
    '     mend: npm ci',
    '[--] broken: two',
    '     lines',
    '[OK] so-so: old',
    '     better: upgrade',
  ]);
});

test('all is well only when every part is', async () => {
  const good = { name: 'good', run: () => Promise.resolve({ ok: true, detail: 'here' }) };
  assert.equal(await examine([good, good], () => undefined), true);
});

test('servers that are named and do not answer are missing, and no secret of theirs is said', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'woodshed-doctor-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const config = loadConfig({
    env: {
      WOODSHED_DATA: join(folder, 'data'),
      WOODSHED_CACHE: join(folder, 'cache'),
      DATABASE_URL: 'postgres://woodshed:hunter2@127.0.0.1:1/woodshed',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    },
  });
  const servers = runtimeChecks(config).filter(({ name }) =>
    ['PostgreSQL', 'Temporal', 'data folder', 'Node'].includes(name),
  );
  const findings = await Promise.all(servers.map(async (check) => ({ name: check.name, ...(await check.run()) })));
  assert.deepEqual(
    findings.map(({ name, ok }) => [name, ok]),
    [
      ['Node', true],
      ['PostgreSQL', false],
      ['Temporal', false],
      ['data folder', true],
    ],
  );
  const text = findings.flatMap((finding) => describeFinding(finding.name, finding)).join('\n');
  assert.match(text, /127\.0\.0\.1:1 does not answer/u);
  assert.ok(!text.includes('hunter2'));
});
