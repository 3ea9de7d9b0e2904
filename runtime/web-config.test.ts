import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createEnvironmentReader } from './environment.ts';
import { readSecrets, readWebAddress } from './web-config.ts';

function read<T>(env: Record<string, string>, reader: (env: ReturnType<typeof createEnvironmentReader>) => T) {
  const problems: string[] = [];
  return { value: reader(createEnvironmentReader(env, problems)), problems };
}

test('secrets are hex or base64, one or several, and the first stays the first', () => {
  const hex = randomBytes(16).toString('hex');
  const base64 = randomBytes(32).toString('base64');
  const base64url = randomBytes(48).toString('base64url');
  assert.deepEqual(read({ WOODSHED_SECRET: `${hex}, ${base64},${base64url}` }, readSecrets), {
    value: [hex, base64, base64url],
    problems: [],
  });
  assert.deepEqual(read({}, readSecrets), { value: [], problems: [] });
  assert.deepEqual(read({ WOODSHED_SECRET: '' }, readSecrets), { value: [], problems: [] });
});

test('a secret that is short, empty or made of words is refused without being shown', () => {
  const good = 'a1'.repeat(16);
  for (const bad of [
    good.slice(1),
    `${good},`,
    `${good},hunter2`,
    `${good.slice(2)}!?`,
    'correct horse battery staple, and so on',
    ',',
  ]) {
    const { problems } = read({ WOODSHED_SECRET: bad }, readSecrets);
    assert.equal(problems.length, 1, bad);
    assert.match(problems[0] ?? '', /^WOODSHED_SECRET must be at least 32/u);
    assert.ok(!problems[0]?.includes('hunter2') && !problems[0]?.includes('horse'));
  }
});

test('the address is a URL that links can be added to, and a port', () => {
  const address = (url: string, port = ''): unknown =>
    read({ WOODSHED_WEB_URL: url, WOODSHED_WEB_PORT: port }, readWebAddress);
  assert.deepEqual(address(''), { value: { url: null, port: null }, problems: [] });
  assert.deepEqual(address('https://band.example/woodshed/', '8080'), {
    value: { url: 'https://band.example/woodshed', port: 8080 },
    problems: [],
  });
  for (const url of ['http://localhost:8080', 'http://127.0.0.1', 'http://[::1]:80', 'https://127.0.0.1']) {
    assert.deepEqual(address(url), { value: { url, port: null }, problems: [] });
  }
  for (const [url, port] of [
    ['band.example', ''],
    ['http://band.example', ''],
    ['http://192.168.1.5:8080', ''],
    ['http://127.0.0.1.band.example', ''],
    ['ftp://band.example', ''],
    ['https://band.example/?a=b', ''],
    ['https://band.example/#x', ''],
    ['https://band.example', '70000'],
    ['https://band.example', 'eighty'],
  ] as const) {
    assert.equal((address(url, port) as { problems: string[] }).problems.length, 1, `${url} ${port}`);
  }
});
