/** The compose file is true: its shape, its variables, its commands, and its image hold together with the code. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { findProgram, runChild } from '../runtime/child.ts';
import { loadConfig } from '../runtime/config.ts';
import { SERVER_SETTINGS } from '../runtime/embedded/temporal-server.ts';
import { USUAL_WEB_PORT } from '../web-auth/main.ts';

const ROOT = join(import.meta.dirname, '..');
const SECRETS = { POSTGRES_PASSWORD: 'a-password', S3_ACCESS_KEY_ID: 'key', S3_SECRET_ACCESS_KEY: 'secret' };
const OWN_SERVICES = ['control', 'gpu-worker', 'web', 'discord', 'slack', 'telegram', 'console'];

const composeSchema = z
  .object({
    services: z.record(
      z.string(),
      z
        .object({
          image: z.string(),
          build: z.string().optional(),
          command: z.array(z.string()).optional(),
          environment: z.record(z.string(), z.string()).optional(),
          depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
          healthcheck: z
            .object({ test: z.array(z.string()) })
            .loose()
            .optional(),
          volumes: z.array(z.string()).optional(),
        })
        .loose(),
    ),
    volumes: z.record(z.string(), z.unknown()),
  })
  .loose();

const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
const compose = composeSchema.parse(parse(text, { merge: true }));

test('every own container runs a file of the project with the configuration it checks at start', () => {
  for (const name of OWN_SERVICES) {
    const service = compose.services[name];
    assert.ok(service !== undefined, `${name} is there`);
    const [program, file] = service.command ?? [];
    assert.equal(program, 'node');
    assert.ok(existsSync(join(ROOT, file ?? '')), `${String(file)} exists`);
    const env = Object.fromEntries(
      Object.entries(service.environment ?? {}).map(([key, value]) => [key, substitute(value)]),
    );
    const config = loadConfig({ env, projectRoot: ROOT });
    assert.equal(config.temporal.address, 'temporal:7233');
    assert.equal(config.databaseUrl, 'postgres://woodshed:a-password@postgres:5432/woodshed');
    assert.equal(config.s3?.endpoint, 'http://s3:7070');
  }
});

test('what a container waits for exists and says when it is healthy', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      const awaited = compose.services[other];
      assert.ok(awaited !== undefined, `${name} waits for ${other}`);
      if (condition === 'service_healthy') {
        assert.ok(awaited.healthcheck !== undefined, `${other} has a health check`);
      }
    }
  }
});

test('Temporal works as the embedded one does', () => {
  const { environment = {}, volumes = [] } = compose.services['temporal'] ?? {};
  const [file = '', mountedAt] = volumes[0]?.split(':') ?? [];
  assert.equal(mountedAt, environment['DYNAMIC_CONFIG_FILE_PATH']);
  const settings: unknown = parse(readFileSync(join(ROOT, file), 'utf8'));
  const wanted = Object.entries(SERVER_SETTINGS).map(([name, value]) => [
    name,
    [{ value: JSON.parse(value) as unknown }],
  ]);
  assert.deepEqual(settings, Object.fromEntries(wanted));
});

test('the web pages answer where the proxy and the health check look, and control signs for them', () => {
  const { web, control } = compose.services;
  const set = { WOODSHED_WEB_URL: 'https://band.example', WOODSHED_SECRET: 'ab'.repeat(16), ...SECRETS };
  const [forSigning, forOpening] = [control, web].map((service) => {
    const env = Object.entries(service?.environment ?? {}).map(
      ([key, value]) => [key, substitute(value, set)] as const,
    );
    return loadConfig({ env: Object.fromEntries(env), projectRoot: ROOT });
  });
  assert.equal(forSigning?.web.url, 'https://band.example');
  assert.deepEqual(forSigning.secrets, ['ab'.repeat(16)]);
  assert.deepEqual([forOpening?.web, forOpening?.secrets], [forSigning.web, forSigning.secrets]);
  assert.equal(forOpening?.web.port ?? USUAL_WEB_PORT, 8080);
  assert.deepEqual(z.object({ ports: z.array(z.string()) }).parse(web).ports, [
    `127.0.0.1:\${WOODSHED_WEB_PORT:-8080}:${USUAL_WEB_PORT}`,
  ]);
  assert.match(web?.healthcheck?.test.join(' ') ?? '', new RegExp(`127\\.0\\.0\\.1:${USUAL_WEB_PORT}/healthz`, 'u'));
});

test('each bot has its own token and no other, and all know what people sign in with', () => {
  const set = {
    ...SECRETS,
    WOODSHED_WEB_URL: 'https://band.example',
    WOODSHED_SECRET: 'ab'.repeat(16),
    DISCORD_TOKEN: 'discord-token',
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    TELEGRAM_TOKEN: '1:telegram-token',
    GOOGLE_CLIENT_ID: 'google',
    GOOGLE_CLIENT_SECRET: 'secret',
  };
  const chatsOf = (name: string): readonly string[] => {
    const env = Object.entries(compose.services[name]?.environment ?? {}).map(
      ([key, value]) => [key, substitute(value, set)] as const,
    );
    const { chats, signIn } = loadConfig({ env: Object.fromEntries(env), projectRoot: ROOT });
    assert.ok(signIn.google !== null, name);
    return Object.entries(chats).flatMap(([chat, config]) => (config === null ? [] : [chat]));
  };
  for (const name of ['discord', 'slack', 'telegram']) assert.deepEqual(chatsOf(name), [name]);
  assert.deepEqual(chatsOf('web'), ['telegram'], 'whose token signs its word');
});

test('every named volume is declared, and every declared one used', () => {
  const used = Object.values(compose.services)
    .flatMap((service) => service.volumes ?? [])
    .map((volume) => volume.split(':')[0] ?? '');
  const named = new Set(used.filter((source) => !source.startsWith('.') && !source.startsWith('/')));
  assert.deepEqual([...named].sort(), Object.keys(compose.volumes).sort());
});

test('no password has a default, and no secret stands in the file', () => {
  for (const name of Object.keys(SECRETS)) {
    const uses = [...text.matchAll(new RegExp(`\\$\\{${name}([^}]*)\\}`, 'gu'))].map((match) => match[1] ?? '');
    assert.ok(uses.length > 0 && uses.every((rest) => rest.startsWith(':?')), `${name} must be set`);
  }
});

test('the image holds what the processes need', () => {
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  assert.match(dockerfile, /^FROM node:24/mu);
  assert.match(dockerfile, /^USER node$/mu);
  for (const need of ['ffmpeg', 'python3-pip', 'util-linux', 'npm ci --omit=dev']) {
    assert.ok(dockerfile.includes(need), need);
  }
});

test('docker compose itself accepts the file', async (t) => {
  const program = findProgram('docker-compose');
  if (program === null) {
    t.skip('docker-compose is not installed here');
    return;
  }
  const { code, stderr } = await runChild(program, ['-f', join(ROOT, 'docker-compose.yml'), 'config', '-q'], {
    cwd: ROOT,
    env: SECRETS,
  });
  assert.equal(code, 0, stderr);
});

function substitute(value: string, env: Readonly<Record<string, string>> = SECRETS): string {
  return value.replaceAll(
    /\$\{([A-Z0-9_]+)(?::[?-]([^}]*))?\}/gu,
    (_, name: string, fallback: string | undefined) => env[name] ?? fallback ?? '',
  );
}
