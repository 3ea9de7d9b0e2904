import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLogger, withoutCredentials } from './log.ts';

test('no line carries a secret, whether by key, in a text or in an error, and every line stays JSON', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'woodshed-log-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'deep', 'a.log');
  const log = createLogger({ name: 'test', level: 'info', destination: { file } });
  const canary = 'canary1234';
  log.info({ token: canary, account: { refreshToken: canary }, a: { b: { password: canary } } }, 'keys');
  log.info({ url: `postgres://woodshed:${canary}@127.0.0.1:5432/woodshed` }, 'a field');
  log.warn(`https://host/x?a=1&access_token=${canary}&b=2 failed`);
  log.error(new Error(`cannot reach https://host/y?X-Amz-Signature=${canary}"`));
  log.error({ err: new Error(`at amqp://u:${canary}@h`, { cause: new Error(`https://h/?key=${canary}`) }) }, 'outer');
  log.debug('below the level');
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  assert.equal(lines.length, 5);
  for (const line of lines) {
    assert.ok(!line.includes(canary), line);
    assert.doesNotThrow(() => void JSON.parse(line));
  }
  assert.match(lines[2] ?? '', /a=1&access_token=\[secret\]&b=2 failed/u);
  assert.equal(statSync(file).mode.toString(8).slice(-3), '600');
});

test('plain texts and links stay as they are', () => {
  for (const text of ['song 1: intro @ 3:20', 'https://host:8080/a?b=c&page=2', 'mailto:a@b.example', '12:30 @home']) {
    assert.equal(withoutCredentials(text), text);
  }
});
