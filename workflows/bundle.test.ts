import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { bundleWorkflowCode } from '@temporalio/worker';

const ROOM = import.meta.dirname;
const ROOT = join(ROOM, '..');
const QUIET = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };

/** The project's own modules in a bundle, relative to the project, as its source map names them. */
function ownModules(code: string): string[] {
  const encoded = /sourceMappingURL=data:application\/json;[^,]*,(\S+)/u.exec(code)?.[1];
  assert.ok(encoded !== undefined, 'the bundle carries its source map');
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { readonly sources: readonly string[] };
  return map.sources
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .map((path) => relative(ROOT, path));
}

test('the workflow bundle holds no room but workflows', async () => {
  const { code } = await bundleWorkflowCode({ workflowsPath: join(ROOM, 'index.ts'), logger: QUIET });
  for (const name of ['handleRequest', 'mirrorJob', 'separateStems', 'sweepRetention']) {
    assert.match(code, new RegExp(name, 'u'));
  }
  const modules = ownModules(code);
  assert.ok(modules.includes('workflows/handle-request.ts'), 'the source map names our modules');
  assert.deepEqual(
    modules.filter((path) => !path.startsWith('workflows/')),
    [],
  );
});

test('every file of the contract loads inside the workflow sandbox', async () => {
  const files = (await readdir(join(ROOM, 'contract'))).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const folder = await mkdtemp(join(ROOT, '.contract-bundle-'));
  try {
    const entry = join(folder, 'entry.ts');
    await writeFile(entry, files.map((name) => `import '${join(ROOM, 'contract', name)}';`).join('\n'));
    const { code } = await bundleWorkflowCode({ workflowsPath: entry, logger: QUIET });
    assert.ok(code.length > 0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
