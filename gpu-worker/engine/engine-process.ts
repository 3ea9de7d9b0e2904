/**
 * The engine process: hands tasks to its threads. It is a process of its own because onnxruntime cannot be interrupted, and ending a
 * thread inside it aborts the whole process; this one may be killed at any time.
 */
import { Worker } from 'node:worker_threads';
import type { EngineAnswer, EngineRequest, QueuedTask } from './engine-tasks.ts';
import type { EngineThreadData } from './engine-thread.ts';

/** The process's one argument, as JSON. */
export interface EngineProcessOptions {
  readonly registryUrl: string;
  readonly threads: number;
}

interface Lane {
  readonly worker: Worker;
  readonly stopFlag: Int32Array<SharedArrayBuffer>;
  /** Id of the task that it works on. */
  busyWith: number | null;
}

const EAGER_THREADS = 4;
/** Samples live in typed arrays, outside of the heap: a thread's own objects are few and small. */
const YOUNG_GENERATION_MEGABYTES = 8;

const { registryUrl, threads } = JSON.parse(process.argv[2] ?? '{}') as EngineProcessOptions;
const lanes: Lane[] = [];
const queue: QueuedTask[] = [];

function send(answer: EngineAnswer): void {
  process.send?.(answer);
}

function openLane(): Lane {
  const stopFlag = new Int32Array(new SharedArrayBuffer(4));
  const workerData: EngineThreadData = { registryUrl, stopFlag };
  const worker = new Worker(new URL('engine-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES },
  });
  const lane: Lane = { worker, stopFlag, busyWith: null };
  worker.on('message', (answer: EngineAnswer) => {
    send(answer);
    if (answer.outcome === 'progress') return;
    lane.busyWith = null;
    dispatch();
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    lanes.splice(lanes.indexOf(lane), 1);
    const { name, message, stack, code } = error;
    if (lane.busyWith !== null) {
      send({ id: lane.busyWith, outcome: 'failed', failure: { name, message, stack, code } });
    }
    dispatch();
  });
  lanes.push(lane);
  return lane;
}

/** The lowest idle lane first, so that a separator that runs on few lanes finds its models there. */
function dispatch(): void {
  for (let index = 0; index < queue.length;) {
    const next = queue[index] as QueuedTask;
    const lane = idleLane(Math.min(next.lanes, threads));
    if (lane === undefined) {
      index++;
      continue;
    }
    queue.splice(index, 1);
    lane.busyWith = next.id;
    lane.worker.postMessage(next, []);
  }
}

function idleLane(limit: number): Lane | undefined {
  const idle = lanes.slice(0, limit).find(({ busyWith }) => busyWith === null);
  return idle ?? (lanes.length < limit ? openLane() : undefined);
}

function stopTask(id: number): void {
  const queued = queue.findIndex((entry) => entry.id === id);
  if (queued >= 0) {
    queue.splice(queued, 1);
    send({ id, outcome: 'stopped' });
    return;
  }
  const lane = lanes.find(({ busyWith }) => busyWith === id);
  if (lane !== undefined) Atomics.store(lane.stopFlag, 0, id);
}

// Loading onnxruntime takes a while: threads are there before the first song.
for (let count = Math.min(threads, EAGER_THREADS); count > 0; count--) openLane();

process.on('message', (request: EngineRequest) => {
  if ('stop' in request) {
    stopTask(request.stop);
    return;
  }
  queue.push(request);
  dispatch();
});
// The gpu-worker is gone, where the kernel did not tell us first. A polite exit would wait for the threads and abort inside onnxruntime.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
