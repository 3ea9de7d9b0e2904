import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

test('links: on this machine, at an address that answers, or at one that does not', async (t) => {
  let status = 200;
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(status).end('Up.');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/woodshed`;
  async function web(env: Record<string, string>): Promise<string> {
    const check = runtimeChecks(loadConfig({ env })).find(({ name }) => name === 'web');
    assert.ok(check !== undefined);
    const finding = await check.run();
    assert.ok(finding.ok, 'a Woodshed that does not run misses nothing');
    return describeFinding('web', finding).join(' ');
  }
  assert.match(await web({}), /this machine alone.*WOODSHED_WEB_URL/u);
  assert.equal(await web({ WOODSHED_WEB_URL: url }), `[OK] web: ${url} answers; links lead there for 72 hours`);
  assert.deepEqual(asked, ['/woodshed/healthz']);
  status = 502;
  assert.match(await web({ WOODSHED_WEB_URL: url }), /does not answer now as Woodshed would \(HTTP 502\)/u);
  assert.match(await web({ WOODSHED_WEB_URL: 'http://127.0.0.1:1' }), /127\.0\.0\.1:1 does not answer now /u);
});
