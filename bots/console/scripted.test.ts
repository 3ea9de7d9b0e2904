import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobView } from '../../workflows/contract/job-view.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import { exampleJob, exampleResult } from '../core/example-job.test-kit.ts';
import type { InboundEvent, JobFeed, Jobs } from '../core/jobs.ts';
import { PLAIN_SPLIT } from '../core/chat-command.ts';
import { createAnswerDesk } from '../core/answer-desk.test-kit.ts';
import { exitCodeOf, followJob, refusedResult, runScripted, submit } from './scripted.ts';
import type { ScriptedDeps, ScriptedResult, ScriptedStems } from './scripted.ts';

interface Desk {
  readonly deps: ScriptedDeps;
  readonly accepted: InboundEvent[];
  readonly watching: () => number;
  change(job: JobView | null): void;
}

function desk(first: JobView | null, signal?: AbortSignal, onChange?: (job: JobView) => void): Desk {
  let job = first;
  const watchers = new Set<(jobId: string) => void>();
  const answers = createAnswerDesk();
  const jobs: Jobs = {
    ...answers.deps.jobs,
    find: async () => job,
    findByCode: async () => job,
    findByInboundEvent: async () => job,
  };
  const feed: JobFeed = {
    async watch(heard) {
      watchers.add(heard);
      return {
        async stop() {
          watchers.delete(heard);
        },
      };
    },
  };
  return {
    deps: {
      ...answers.deps,
      jobs,
      feed,
      ...(signal === undefined ? {} : { signal }),
      ...(onChange === undefined ? {} : { onChange }),
    },
    accepted: answers.accepted,
    watching: () => watchers.size,
    change(next) {
      job = next;
      for (const watcher of watchers) {
        watcher('job');
      }
    },
  };
}

function ofStems(result: ScriptedResult): ScriptedStems {
  return 'stems' in result ? result : assert.fail('an analysis');
}

function ended(outcome: JobOutcome): JobView {
  const createdAt = new Date(1_000_000);
  return exampleJob({ state: outcome.state, outcome, createdAt, endedAt: new Date(createdAt.getTime() + 9500) });
}

test('a done job is told with its files, numbers and time', async () => {
  const result = await followJob('event', desk(ended({ state: 'done', result: exampleResult(), reused: true })).deps);
  assert.deepEqual(JSON.parse(JSON.stringify(result)), {
    status: 'done',
    reused: true,
    job: 'K7QF2M',
    recording: { sha256: 'ab', durationSeconds: 180 },
    stems: [{ name: 'vocals', file: '/tmp/out/vocals.wav', loudnessLufs: -18.24, peakDbtp: -3.1, gainDb: 2.1 }],
    residual: { name: 'residual', file: '/tmp/out/residual.wav', loudnessLufs: null, peakDbtp: null, gainDb: null },
    seconds: 9.5,
  });
  assert.equal(exitCodeOf(result), 0);
});

const ENDS: readonly (readonly [what: string, JobOutcome, status: string, code: string, exitCode: number])[] = [
  [
    'refused',
    { state: 'refused', failure: { code: 'too-long', facts: { limitMinutes: 30 } } },
    'refused',
    'too-long',
    2,
  ],
  ['failed', { state: 'failed', failure: { code: 'internal', facts: {} } }, 'failed', 'internal', 1],
  ['cancelled', { state: 'cancelled' }, 'failed', 'cancelled', 1],
];
for (const [what, outcome, status, code, exitCode] of ENDS) {
  test(`a ${what} job is told with a sentence and no stems`, async () => {
    const result = ofStems(await followJob('event', desk(ended(outcome)).deps));
    assert.deepEqual([result.status, result.code, exitCodeOf(result)], [status, code, exitCode]);
    assert.ok((result.message ?? '').length > 5);
    assert.deepEqual([result.stems, result.residual, result.recording, result.job], [[], null, null, 'K7QF2M']);
    assert.equal(result.seconds, 9.5);
  });
}

test('a refusal before anything was started has no job', () => {
  const result = refusedResult({ code: 'option-invalid', facts: { option: '--format', known: 'wav' } });
  assert.deepEqual([result.status, result.job, exitCodeOf(result)], ['refused', null, 2]);
  assert.match(result.message ?? '', /--format/u);
});

test('follows a job from before it exists to its end, and listens no longer', async () => {
  const seen: (string | null)[] = [];
  const { deps, change, watching } = desk(null, undefined, (job) => {
    seen.push(job.stage);
    if (job.stage === 'receive') {
      setImmediate(change, exampleJob({ stage: 'separate' }));
    } else if (job.outcome === null) {
      setImmediate(change, ended({ state: 'cancelled' }));
    }
  });
  const following = followJob('event', deps);
  setImmediate(change, exampleJob({ stage: 'receive' }));
  assert.equal(ofStems(await following).code, 'cancelled');
  assert.deepEqual(seen.slice(0, 2), ['receive', 'separate']);
  assert.equal(watching(), 0);
});

test('stops following when it is told to', async () => {
  const controller = new AbortController();
  const { deps, watching } = desk(exampleJob({ stage: 'separate' }), controller.signal, () => {
    setImmediate(() => {
      controller.abort(new Error('Ctrl-C'));
    });
  });
  await assert.rejects(followJob('event', deps), /Ctrl-C/u);
  assert.equal(watching(), 0);
});

test('a command is written into the ledger under its event’s key', async () => {
  const { deps, accepted } = desk(null);
  const { address, requester, command } = exampleJob({}).request;
  const incoming = { command: PLAIN_SPLIT, sources: [command.source], eventKey: 'key', requester, address };
  assert.equal(await submit(incoming, deps), 'inbound-0');
  assert.deepEqual([accepted[0]?.eventKey, accepted[0]?.payload.kind], ['key', 'job']);
  await assert.rejects(submit({ ...incoming, command: { kind: 'jobs' } }, deps), TypeError);
});

test('what is refused at once is a result with its reason', async () => {
  const { deps, accepted } = desk(null);
  const { address, requester, command } = exampleJob({}).request;
  const split = {
    ...PLAIN_SPLIT,
    options: { ...PLAIN_SPLIT.options, strategy: 'vocals', pick: { kind: 'want', stems: ['drums'] } },
  } as const;
  const incoming = { command: split, sources: [command.source], eventKey: 'key', requester, address };
  const result = ofStems(await runScripted(incoming, deps));
  assert.deepEqual([result.status, result.code, exitCodeOf(result)], ['refused', 'unknown-stem', 2]);
  assert.equal(accepted.length, 0);
});

test('a pick is one file and no residual', async () => {
  const example = exampleResult();
  const mixed = { ...(example.finished.stems[0] ?? assert.fail('a stem')), name: 'minus-vocals' };
  const picked = { ...example, pick: { kind: 'minus', stems: ['vocals'] }, mixed } as const;
  const result = ofStems(await followJob('event', desk(ended({ state: 'done', result: picked, reused: false })).deps));
  assert.deepEqual([result.stems.map(({ file }) => file), result.residual], [['/tmp/out/minus-vocals.wav'], null]);
});
