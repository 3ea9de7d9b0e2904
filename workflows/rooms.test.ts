/** Who may import whom, by a walk over every import in the tree. The table is the house's floor plan. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

interface Room {
  /** Path prefix of the room; the longest match wins. */
  readonly at: string;
  /** Prefixes of what it may import, besides itself. */
  readonly may: readonly string[];
  /** Packages it may import; null: any. */
  readonly packages: readonly RegExp[] | null;
}

const ROOMS: readonly Room[] = [
  { at: 'workflows/contract', may: [], packages: [/^@temporalio\/common$/u, /^@temporalio\/workflow$/u] },
  { at: 'workflows', may: ['workflows/contract'], packages: [/^@temporalio\/workflow$/u, /^@temporalio\/common$/u] },
  {
    at: 'activities',
    may: ['workflows/contract', 'db', 'runtime/child', 'runtime/media', 'runtime/log'],
    packages: null,
  },
  { at: 'gpu-worker/dsp', may: [], packages: [/^@echogarden\/pffft-wasm/u] },
  // What networks hear is brought to it.
  { at: 'gpu-worker/analysis', may: ['gpu-worker/dsp', 'workflows/contract'], packages: [/^node:/u] },
  {
    at: 'gpu-worker',
    may: [
      'gpu-worker/dsp',
      'gpu-worker/analysis',
      'workflows/contract',
      'runtime/child',
      'runtime/media',
      'runtime/log',
    ],
    packages: null,
  },
  { at: 'bots/core', may: ['workflows/contract', 'runtime/log'], packages: [/^zod$/u, /^node:/u] },
  { at: 'bots/console', may: ['bots/core', 'workflows/contract', 'runtime/log'], packages: null },
  { at: 'bots/discord', may: ['bots/core', 'workflows/contract', 'runtime/log'], packages: null },
  { at: 'bots/slack', may: ['bots/core', 'workflows/contract', 'runtime/log'], packages: null },
  { at: 'bots/telegram', may: ['bots/core', 'workflows/contract', 'runtime/log'], packages: null },
  {
    at: 'web-auth',
    may: ['workflows/contract', 'db', 'runtime/log'],
    packages: [
      /^@temporalio\/client$/u,
      /^@hono\/node-server(?:\/|$)/u,
      /^hono(?:\/|$)/u,
      /^zod$/u,
      /^amaro$/u,
      /^ipaddr\.js$/u,
      /^node:/u,
      // Each in one file.
      /^lucia$/u,
      /^arctic$/u,
      /^otpauth$/u,
      /^jose$/u,
      /^@tus\/server$/u,
      /^client-zip$/u,
      /^prom-client$/u,
    ],
  },
  // What runs in browsers: nothing of the rest of the house.
  {
    at: 'web-auth/browser',
    may: [],
    packages: [/^signalsmith-stretch$/u, /^tus-js-client$/u, /^@coderline\/alphatab$/u],
  },
  { at: 'db', may: ['workflows/contract'], packages: null },
  { at: 'runtime', may: ['workflows/contract'], packages: null },
];

/** Code that may cross: composition roots, the command itself, benchmarks, tools and tests. */
function mayCross(file: string): boolean {
  return (
    /(^|\/)main\.ts$/u.test(file) ||
    /\.test\.ts$|\.test-kit\.ts$|(^|\/)(testdata|test-[a-z-]+)/u.test(file) ||
    /^(bench|tools|stack)\//u.test(file) ||
    file === 'woodshed.ts'
  );
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : sources(path);
    }
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/** Specifiers of every static and dynamic import, type imports included: a type is a dependency too. */
function importsOf(text: string): string[] {
  const code = text.replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gmu, '');
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/gu)].map((match) => match[1] ?? '');
}

function violations(file: string, text: string): string[] {
  const room = ROOMS.filter((candidate) => file.startsWith(`${candidate.at}/`)).sort(
    (a, b) => b.at.length - a.at.length,
  )[0];
  if (room === undefined || mayCross(file)) {
    return [];
  }
  return importsOf(text).flatMap((specifier) => {
    if (!specifier.startsWith('.')) {
      return room.packages === null || room.packages.some((allowed) => allowed.test(specifier))
        ? []
        : [`${file} imports ${specifier}`];
    }
    const target = normalize(join(dirname(file), specifier));
    const ownRoom = ROOMS.filter((candidate) => target.startsWith(`${candidate.at}/`)).sort(
      (a, b) => b.at.length - a.at.length,
    )[0];
    const allowed =
      ownRoom?.at === room.at ||
      room.may.some(
        (prefix) =>
          target === prefix ||
          target.startsWith(`${prefix}/`) ||
          target.startsWith(`${prefix}.`) ||
          target.startsWith(`${prefix}-`),
      );
    return allowed && !/(^|\/)main\.ts$/u.test(target) ? [] : [`${file} imports ${target}`];
  });
}

test('every room imports only what the floor plan allows', () => {
  const found = sources('.').flatMap((file) => violations(file, readFileSync(join(ROOT, file), 'utf8')));
  assert.deepEqual(found, []);
});

test('the walk sees a planted crossing', () => {
  assert.deepEqual(violations('workflows/x.ts', "import { a } from '../db/orm.ts';\nimport fs from 'node:fs';"), [
    'workflows/x.ts imports db/orm.ts',
    'workflows/x.ts imports node:fs',
  ]);
  assert.deepEqual(violations('gpu-worker/dsp/x.ts', "import { a } from '../engine/y.ts';"), [
    'gpu-worker/dsp/x.ts imports gpu-worker/engine/y.ts',
  ]);
  assert.deepEqual(violations('bots/core/x.ts', "import type { A } from '../console/main.ts';"), [
    'bots/core/x.ts imports bots/console/main.ts',
  ]);
});
