/** Workflows that have begun must go on as they began: stored histories are replayed on the workflows of today. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { DefaultLogger, Runtime, Worker, bundleWorkflowCode } from '@temporalio/worker';
import type { WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { SCENES } from './history-scenes.test-kit.ts';
import { historyFromText, workflowIdOf } from './stored-history.test-kit.ts';
import type { History } from './stored-history.test-kit.ts';

const ROOM = import.meta.dirname;
const HISTORIES = join(ROOM, 'testdata', 'histories');
const QUIET = new DefaultLogger('ERROR', () => undefined);

interface Stored {
  /** File name without its extension, e.g. `done.request`. */
  readonly name: string;
  readonly history: History;
}

interface Breakage {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** A history that must not replay any more. */
  readonly caughtBy: string;
}

const BREAKAGES: readonly Breakage[] = [
  {
    name: 'two activities in another order',
    file: 'handle-request.ts',
    from: 'await control.endJob({ jobId, outcome });\n    await (isGone',
    to: 'if (!isGone) await postExtras(place, outcome, timing);\n    await control.endJob({ jobId, outcome });\n    await (isGone',
    caughtBy: 'mirrored.request',
  },
  {
    name: 'an activity that is not called any more',
    file: 'receive-song.ts',
    from: 'await control.saveRecording({ jobId, source, recording });',
    to: '',
    caughtBy: 'done.request',
  },
  {
    name: 'a timer that was not there',
    file: 'sweep-retention.ts',
    from: 'total += deleted;',
    to: 'total += deleted;\n    await new Promise((resolve) => setTimeout(resolve, 1000));',
    caughtBy: 'sweep.retention',
  },
  {
    name: 'an activity of another name',
    file: 'make-stems.ts',
    from: 'findEarlier(',
    to: 'findPrevious(',
    caughtBy: 'reused.request',
  },
  {
    name: 'a child that became a plain call',
    file: 'make-stems.ts',
    from: 'await executeChild(separateStems, {',
    to: 'await ((_workflow, { args }) => separateStems(...args))(separateStems, {',
    caughtBy: 'cancelled.request',
  },
  {
    name: 'a pause that is gone',
    file: 'resume-compute.ts',
    from: 'await sleep(timing.retrySeconds * 1000);',
    to: '',
    caughtBy: 'worker-died.separate',
  },
  {
    name: 'mirrors that are started before the card stands',
    file: 'handle-request.ts',
    from: 'const card = await chatActivities(',
    to: "if (opened.plan !== null) await startMirrors(opened, 'wav', timing);\n    const card = await chatActivities(",
    caughtBy: 'mirrored.request',
  },
  {
    name: 'a mirror that does not wait for the outcome',
    file: 'mirror-job.ts',
    from: 'await condition(() => reached.length > 0);',
    to: "reached.push({ state: 'cancelled' });",
    caughtBy: 'mirrored.mirror',
  },
  {
    name: 'a result that does not wait for its asker’s link',
    file: 'handle-request.ts',
    from: 'await awaitLink(opened, () => isLinked, timing);',
    to: '',
    caughtBy: 'linked-while-waiting.request',
  },
  {
    name: 'a wait for a link of which nobody is reminded',
    file: 'await-link.ts',
    from: 'keptSeconds !== reminderSeconds &&',
    to: 'keptSeconds === reminderSeconds &&',
    caughtBy: 'never-linked.request',
  },
  {
    name: 'a job that does not wait for its turn',
    file: 'handle-request.ts',
    from: 'await condition(() => hasTurn);',
    to: '',
    caughtBy: 'cancelled-in-line.request',
  },
  {
    name: 'a limit that is not learned',
    file: 'deliver-result.ts',
    from: 'await controlActivities(timing).learnSurface({ surfaceId, fileLimitBytes: limitBytes });',
    to: '',
    caughtBy: 'stepped-down.request',
  },
  {
    name: 'a share that is not corrected',
    file: 'receive-song.ts',
    from: '> CLAIM_TOLERANCE_SECONDS',
    to: '> 1000',
    caughtBy: 'longer-than-claimed.request',
  },
  {
    name: 'a song that is decoded although the band has it',
    file: 'make-sheet.ts',
    from: "if (source.kind === 'earlier') {",
    to: 'if (false) {',
    caughtBy: 'analysis-corrected.request',
  },
  {
    name: 'a part alone that is taken out of the song all the same',
    file: 'hear-part.ts',
    from: 'if (alone === true) {',
    to: 'if (false) {',
    caughtBy: 'tab-alone.request',
  },
  {
    name: 'words that a chart does not ask for',
    file: 'make-sheet.ts',
    from: 'const lyrics = await control.findLyrics({ jobId });',
    to: 'const lyrics = null;',
    caughtBy: 'chords.request',
  },
  {
    name: 'a player whose failure is not written down',
    file: 'render-stems.ts',
    from: 'await control.failRendering({ renderingId, code: reportFailure(error).code });',
    to: '',
    caughtBy: 'player-failed.rendering',
  },
  {
    name: 'a mix that is packed',
    file: 'render-stems.ts',
    from: "if (recipe.kind === 'player')",
    to: "if (recipe.kind !== 'player')",
    caughtBy: 'mix.rendering',
  },
];

async function bundle(folder: string): Promise<WorkflowBundle> {
  return await bundleWorkflowCode({ workflowsPath: join(folder, 'index.ts'), logger: QUIET });
}

/** Bundles the workflows as they would be after a careless change. */
async function bundleBroken({ file, from, to }: Breakage): Promise<WorkflowBundle> {
  // Inside the project, so that packages are found from there.
  const folder = await mkdtemp(join(ROOM, '..', '.replay-'));
  try {
    await cp(ROOM, folder, {
      recursive: true,
      filter: (path) => !/\.test(-kit)?\.ts$/u.test(path) && basename(path) !== 'testdata',
    });
    const sound = await readFile(join(ROOM, file), 'utf8');
    assert.equal(sound.split(from).length, 2, `${file} holds "${from}" once`);
    await writeFile(
      join(folder, file),
      sound.replace(from, () => to),
    );
    return await bundle(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What each history replays to: null, or what it stumbled over. */
async function replay(
  workflowBundle: WorkflowBundle,
  stored: readonly Stored[],
): Promise<ReadonlyMap<string, Error | null>> {
  const results = new Map<string, Error | null>();
  const histories = stored.map(({ history }) => ({ workflowId: workflowIdOf(history), history }));
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
    const name = stored.find(({ history }) => workflowIdOf(history) === workflowId)?.name;
    assert.ok(name !== undefined, workflowId);
    results.set(name, error ?? null);
  }
  return results;
}

describe('stored histories', () => {
  let stored: readonly Stored[];

  before(async () => {
    // Stumbling is what these tests are about: the server's library would tell it all again.
    Runtime.install({ logger: QUIET, telemetryOptions: { logging: { forward: {}, filter: 'off' } } });
    const names = (await readdir(HISTORIES)).filter((name) => name.endsWith('.json'));
    stored = await Promise.all(
      names.map(async (file) => ({
        name: basename(file, '.json'),
        history: historyFromText(await readFile(join(HISTORIES, file), 'utf8')),
      })),
    );
  });

  test('are there for every scene, from the first event to the last', () => {
    assert.deepEqual(new Set(stored.map(({ name }) => name.split('.')[0])), new Set(SCENES.map(({ name }) => name)));
    for (const { name, history } of stored) {
      const last = history.events?.at(-1);
      assert.ok(
        last?.workflowExecutionCompletedEventAttributes ??
          last?.workflowExecutionFailedEventAttributes ??
          last?.workflowExecutionCanceledEventAttributes,
        name,
      );
    }
  });

  test('replay on the workflows of today', async () => {
    const results = await replay(await bundle(ROOM), stored);
    assert.equal(results.size, stored.length);
    for (const [name, error] of results) {
      assert.equal(error, null, `${name}: ${String(error?.message)}`);
    }
  });

  test('tell nobody who recorded them, and where', () => {
    for (const { name, history } of stored) {
      for (const text of texts(history)) {
        assert.doesNotMatch(text, /\/(?:home|root|tmp|work|Users)\/|file:\/\/|node_modules/u, name);
      }
      for (const event of history.events ?? []) {
        for (const attributes of Object.values(event)) {
          const identity = (attributes as { readonly identity?: unknown } | null)?.identity;
          assert.ok([undefined, '', 'woodshed-test', 'history-service'].includes(identity as string), name);
        }
      }
    }
  });

  for (const breakage of BREAKAGES) {
    test(`do not replay on workflows with ${breakage.name}`, async () => {
      const witness = stored.filter(({ name }) => name === breakage.caughtBy);
      const results = await replay(await bundleBroken(breakage), witness);
      assert.ok(results.get(breakage.caughtBy) instanceof DeterminismViolationError, breakage.caughtBy);
    });
  }
});

/** Every text of a history, those inside payloads included. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  if (value instanceof Uint8Array) {
    return [Buffer.from(value).toString()];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}
