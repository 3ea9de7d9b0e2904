import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { childProtections, findProgram, runChild } from '../../runtime/child.ts';
import type { HoneypotReport } from './honeypot.test-kit.ts';

test('S1 no address inside is reached from a namespace where a server listens on all of them', async (t) => {
  const ip = findProgram('ip');
  const isRoot = process.getuid?.() === 0;
  if (!childProtections().networkIsolation || ip === null || !isRoot) {
    t.skip('needs root, network namespaces and the program ip');
    return;
  }
  const script = join(import.meta.dirname, 'honeypot.test-kit.ts');
  const { code, stdout, stderr } = await runChild(process.execPath, [script, ip], {
    cwd: import.meta.dirname,
    network: 'none',
    timeoutMs: 60_000,
  });
  assert.equal(code, 0, stderr);
  const report = JSON.parse(stdout.toString()) as HoneypotReport;
  assert.equal(report.publicBody, 'sound', 'a public server is reached');
  assert.equal(report.publicByProxy, 'sound', 'by the proxy too');
  assert.deepEqual(report.reached, []);
  assert.deepEqual(report.unexpected, []);
  // The first connection goes to the public address and the redirect asks again, and is told another one.
  assert.deepEqual(new Set(report.rebound), new Set(['unreachable']));
  assert.ok(report.attempts > 400, String(report.attempts));
});
