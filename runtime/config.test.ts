import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { stemNames } from '../workflows/contract/stems.ts';
import { ConfigError, loadConfig } from './config.ts';
import type { LoadConfigOptions } from './config.ts';

function problemsOf(options: LoadConfigOptions): readonly string[] {
  try {
    loadConfig({ env: {}, ...options });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return [];
}

function fileWith(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'woodshed-config-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'woodshed.yaml');
  writeFileSync(path, text);
  return path;
}

const strategy = 'strategies: { vocals: { _: spleeter-2stems, vocals: vocals, accompaniment: accompaniment } }';

test('the file that ships loads with an empty environment', () => {
  const config = loadConfig({ env: {} });
  assert.deepEqual(Object.keys(config.strategies), ['vocals', 'band', 'instruments', 'successive', 'mid-side']);
  const band = config.strategies.band;
  assert.ok(band);
  assert.equal(band.separator, 'spleeter-2stems');
  assert.deepEqual(stemNames(band), ['vocals', 'drums', 'bass', 'other']);
  assert.equal(config.limits.longestSongSeconds, 1800);
  assert.equal(config.limits.largestUploadBytes, 500_000_000);
  assert.equal(config.databaseUrl, null);
  assert.equal(config.s3, null);
  assert.throws(() => Object.assign(config.limits, { longestSongSeconds: 1 }), TypeError);
});

test('the file that ships says the defaults of the schema', (t) => {
  const bare = loadConfig({ env: { WOODSHED_CONFIG: fileWith(t, strategy) } });
  const { strategies: _bareStrategies, ...bareSettings } = bare;
  const { strategies: _shippedStrategies, ...shippedSettings } = loadConfig({ env: {} });
  assert.deepEqual(bareSettings, shippedSettings);
});

test('turns are as the file says, and at least one', (t) => {
  assert.equal(loadConfig({ env: {} }).turns.shared, 3);
  const one = fileWith(t, `${strategy}\nturns: { shared: 1 }`);
  assert.equal(loadConfig({ env: { WOODSHED_CONFIG: one } }).turns.shared, 1);
  const none = fileWith(t, `${strategy}\nturns: { shared: 0 }`);
  assert.match(problemsOf({ env: { WOODSHED_CONFIG: none } }).join('\n'), /turns\.shared/u);
});

test('beats and chords are heard by built-in methods unless a network is named', (t) => {
  const usual = loadConfig({ env: { WOODSHED_CONFIG: fileWith(t, strategy) } }).models;
  assert.deepEqual([usual.beats, usual.chords], [null, null]);
  const file = fileWith(t, `${strategy}\nmodels: { beats: some-beats, chords: built-in }`);
  const chosen = loadConfig({ env: { WOODSHED_CONFIG: file } }).models;
  assert.deepEqual([chosen.beats, chosen.chords], ['some-beats', null]);
});

test('shares are as the file says, and none of them may be nothing', (t) => {
  const raised = fileWith(t, `${strategy}\nshares: { jobsPerMemberAndHour: 100, audioMinutesPerBandAndDay: 1.5 }`);
  assert.deepEqual(loadConfig({ env: { WOODSHED_CONFIG: raised } }).shares, {
    jobsPerMemberAndHour: 100,
    audioMinutesPerBandAndDay: 1.5,
    megabytesPerBandAndDay: 5000,
    commandsPerMemberAndMinute: 20,
  });
  for (const wrong of ['jobsPerMemberAndHour: 0', 'commandsPerMemberAndMinute: 2.5', 'megabytesPerBandAndDay: -1']) {
    const env = { WOODSHED_CONFIG: fileWith(t, `${strategy}\nshares: { ${wrong} }`) };
    const name = wrong.slice(0, wrong.indexOf(':'));
    assert.ok(
      problemsOf({ env }).some((problem) => problem.includes(name)),
      wrong,
    );
  }
});

test('the environment wins over the file, and relative folders count from where the person stands', () => {
  const config = loadConfig({
    standingIn: '/music',
    env: {
      WOODSHED_DATA: 'data',
      WOODSHED_CACHE: '/cache',
      WOODSHED_DEVICE: 'cpu',
      WOODSHED_THREADS: '3',
      WOODSHED_LOG_LEVEL: ' warn ',
      DATABASE_URL: 'postgres://u:p@db:5432/woodshed',
      TEMPORAL_ADDRESS: 'temporal:7233',
      TEMPORAL_NAMESPACE: 'band',
      S3_ENDPOINT: 'http://s3:9000',
      S3_BUCKET: 'b',
      S3_ACCESS_KEY_ID: 'k',
      S3_SECRET_ACCESS_KEY: 's',
    },
  });
  assert.equal(config.dataDir, '/music/data');
  assert.equal(config.cacheDir, '/cache');
  assert.deepEqual({ ...config.compute }, { device: 'cpu', threads: 3, chunkSeconds: 12 });
  assert.equal(config.logLevel, 'warn');
  assert.equal(config.databaseUrl, 'postgres://u:p@db:5432/woodshed');
  assert.deepEqual({ ...config.temporal }, { address: 'temporal:7233', namespace: 'band' });
  assert.equal(config.s3?.region, 'us-east-1');
});

test('everything missing or wrong is said at once, without showing values of the environment', (t) => {
  const path = fileWith(
    t,
    [
      'strategies:',
      '  vocals: { _: spleeter-2stems, vocals: Vocals!, accompaniment: residual }',
      '  band: { vocals: vocals }',
      'defaults: { strategy: nothing, format: wma }',
      'limits: { longestSongMinutes: -1, longestSong: 3 }',
      'compute: { threads: many }',
      'models: { pinnedHashes: { x: abc } }',
      'links: { sites: { youtube: "${SITE_SWITCH}" } }',
    ].join('\n'),
  );
  const problems = problemsOf({
    env: {
      WOODSHED_CONFIG: path,
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      TEMPORAL_ADDRESS: 'nowhere',
      WOODSHED_THREADS: '0',
      WOODSHED_DEVICE: 'tpu',
      S3_BUCKET: 'b',
    },
  });
  const text = problems.join('\n');
  for (const expected of [
    'strategies.band: a separator is missing',
    'strategies.vocals.vocals: "Vocals!" cannot name a stem',
    'SITE_SWITCH is not set, and the configuration file uses it',
    'defaults.format is "wma"; it can be wav, flac, opus, mp3',
    'limits.longestSongMinutes is -1; it must be above 0',
    'limits.longestSong is not a setting',
    'compute.threads is "many"; it can be auto or a whole number above 0',
    'models.pinnedHashes.x is "abc"; it must be the 64 small hexadecimal digits of a SHA-256',
    'DATABASE_URL must be an address that begins with postgres:// or postgresql://',
    'TEMPORAL_ADDRESS must be host:port',
    'WOODSHED_THREADS must be a whole number above 0',
    'WOODSHED_DEVICE can be auto, cpu, cuda, webgpu',
    'S3_ENDPOINT is not set, and S3_BUCKET is',
    'S3_ACCESS_KEY_ID is not set',
    'S3_SECRET_ACCESS_KEY is not set',
  ]) {
    assert.ok(text.includes(expected), `${expected}\nis not in\n${text}`);
  }
  assert.ok(!text.includes('hunter2'));
  assert.match(
    problemsOf({ overrides: { defaults: { strategy: 'x' } } }).join(),
    /defaults\.strategy is x, which is not one/u,
  );
});

test('strategies are checked against the slots of their separators', (t) => {
  const path = fileWith(
    t,
    [
      'strategies:',
      '  vocals: { _: spleeter-2stems, vocals: Vocals!, drums: residual }',
      '  band: { vocals: vocals }',
      '  twice: { _: spleeter-2stems, vocals: a, accompaniment: { _: ghost, x: a } }',
    ].join('\n'),
  );
  const problems = problemsOf({
    env: { WOODSHED_CONFIG: path },
    slotsOf: (separator) => (separator === 'spleeter-2stems' ? ['vocals', 'accompaniment'] : null),
  });
  const sentences = problems.map((problem) => problem.slice(problem.indexOf('strategies.')));
  assert.deepEqual(sentences, [
    'strategies.vocals: spleeter-2stems has no slot drums; it gives vocals, accompaniment',
    'strategies.vocals: the slot accompaniment of spleeter-2stems leads nowhere; name a stem for it',
    'strategies.vocals.vocals: "Vocals!" cannot name a stem; use small letters, digits and single hyphens',
    'strategies.vocals.drums: a stem cannot be called residual',
    'strategies.band: a separator is missing; write it as `_: name`',
    'strategies.twice.accompaniment: there is no separator called ghost',
    `strategies.twice.accompaniment.x: the stem a is already made at ${path}: strategies.twice.vocals`,
  ]);
});

test('${NAME} in the file comes from the environment, $${ stays', (t) => {
  const path = fileWith(t, 'strategies: { vocals: { _: "${MODEL}", "out": "a" } }\nlinks: { sites: { "x": true } }');
  const config = loadConfig({ env: { WOODSHED_CONFIG: path, MODEL: 'my-model' } });
  assert.equal(config.strategies.vocals?.separator, 'my-model');
  assert.deepEqual(config.links.sites, ['x']);
  const escaped = fileWith(t, 'strategies: { vocals: { _: "$${MODEL}", "out": "a" } }');
  assert.equal(loadConfig({ env: { WOODSHED_CONFIG: escaped } }).strategies.vocals?.separator, '${MODEL}');
});

test('a file that is absent or no YAML is one of the problems', (t) => {
  assert.match(problemsOf({ env: { WOODSHED_CONFIG: '/nowhere/w.yaml' } }).join('\n'), /cannot be read \(ENOENT\)/u);
  assert.match(problemsOf({ env: { WOODSHED_CONFIG: fileWith(t, 'a: [') } }).join('\n'), /w.*yaml: .*line 1/u);
});

test('overrides lie over the file section by section', () => {
  const config = loadConfig({
    env: {},
    overrides: { limits: { longestSongMinutes: 1 }, timing: { retrySeconds: 0.1 } },
  });
  assert.equal(config.limits.longestSongSeconds, 60);
  assert.equal(config.limits.mostChannels, 8);
  assert.equal(config.timing.retrySeconds, 0.1);
});

test('links end before the results that they lead to', () => {
  assert.deepEqual(problemsOf({ overrides: { web: { linkHours: 49 }, retention: { resultDays: 2 } } }), [
    'woodshed.yaml: web.linkHours is 49; results are kept for 48 hours',
  ]);
  const config = loadConfig({
    env: { WOODSHED_SECRET: 'ab'.repeat(16), WOODSHED_WEB_URL: 'https://band.example', WOODSHED_WEB_PORT: '80' },
    overrides: { web: { linkHours: 48 }, retention: { resultDays: 2 } },
  });
  assert.deepEqual(config.web, { url: 'https://band.example', consoleUrl: null, port: 80, linkHours: 48 });
  assert.deepEqual(config.secrets, ['ab'.repeat(16)]);
});

test('.env.example lists exactly the names that are read', () => {
  const read = new Set<string>();
  const env = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_target, name) => {
        if (typeof name === 'string') read.add(name);
        return undefined;
      },
    },
  );
  loadConfig({ env });
  const example = readFileSync(join(import.meta.dirname, '..', '.env.example'), 'utf8');
  const listed = [...example.matchAll(/^([A-Z0-9_]+)=/gmu)].map((match) => match[1]);
  assert.deepEqual(new Set(listed), read);
});
