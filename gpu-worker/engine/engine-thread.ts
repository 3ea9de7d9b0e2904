/** One thread of the engine process: takes one task at a time. onnxruntime blocks it for a whole window. */
import { open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { computeBeatActivations } from '../beats/compute-activations.ts';
import { computeChordActivations } from '../chords/compute-activations.ts';
import { findLyrics } from '../lyrics/find-lyrics.ts';
import type { Separator, SeparatorEntry } from '../models/separator.ts';
import { createPosteriorComputer } from '../notes/compute-posteriors.ts';
import { createNotes } from '../notes/create-notes.ts';
import { readPosteriors } from '../notes/posteriors.ts';
import { computeStyle } from '../style/compute-style.ts';
import { createFrameReader, readWavHeader } from '../wav/read-wav.ts';
import { chunkShape, computeChunk, pairScales } from './chunk-computer.ts';
import type { TaskControl } from './chunk-computer.ts';
import { isIntactChunk } from './chunk-file.ts';
import { describeGrid } from './chunk-plan.ts';
import type {
  EngineAnswer,
  EngineTask,
  EngineTaskKind,
  EngineTasks,
  JoinTask,
  PreparedMix,
  TaskFailure,
} from './engine-tasks.ts';
import { joinSlot } from './join-chunks.ts';
import { measureMix } from './mix-statistics.ts';
import { probeDevice } from './probe-device.ts';
import { createSessionShelf } from './session-shelf.ts';
import { createSlotFile } from './slot-file.ts';
import { createWindowBuffers } from './window-buffers.ts';

/** What a thread is given at its start. */
export interface EngineThreadData {
  /** URL of the module whose `SEPARATORS` are offered. */
  readonly registryUrl: string;
  /** One number: the id of the task to stop. */
  readonly stopFlag: Int32Array<SharedArrayBuffer>;
}

const { registryUrl, stopFlag } = workerData as EngineThreadData;
const { SEPARATORS } = (await import(registryUrl)) as { readonly SEPARATORS: ReadonlyMap<string, SeparatorEntry> };
const shelf = createSessionShelf(SEPARATORS);
const buffers = createWindowBuffers();
const computePosteriors = createPosteriorComputer();

class TaskStoppedError extends Error {
  override readonly name = 'TaskStoppedError';
}

type Handlers = {
  [Kind in EngineTaskKind]: (
    input: EngineTasks[Kind]['input'],
    control: TaskControl,
  ) => Promise<EngineTasks[Kind]['result']>;
};

const handlers: Handlers = {
  describe: async ({ separator }) => {
    const entry = SEPARATORS.get(separator);
    return entry === undefined ? null : { slots: entry.slots, models: entry.models, version: entry.version };
  },
  probeDevice: async ({ device }) => ({ failure: await probeDevice(device) }),
  prepare: async ({ choice, mixPath }, control) => await prepare(shelf.separator(choice), mixPath, control),
  computeChunk: async (input, control) => {
    const separator = shelf.separator(input.choice);
    const session = await shelf.session(input.choice, input.runtime);
    return { sha256: await computeChunk({ ...input, separator, session, buffers, control }) };
  },
  checkChunk: async ({ choice, mix, range, chunkPath }) =>
    await isIntactChunk(chunkPath, chunkShape(shelf.separator(choice), mix, range)),
  joinSlot: async (input, control) => ({ sha256: await join(input, control) }),
  computePosteriors: async (input, control) => {
    await computePosteriors(input, control);
    return null;
  },
  computeBeatActivations: async (input, control) => {
    await computeBeatActivations(input, control);
    return null;
  },
  createNotes: async ({ posteriorsPath, frames, options }) =>
    createNotes(await readPosteriors(posteriorsPath, frames), options),
  computeChordActivations: async (input, control) => {
    await computeChordActivations(input, control);
    return null;
  },
  computeStyle,
  findLyrics,
};

async function prepare(separator: Separator, mixPath: string, control: TaskControl): Promise<PreparedMix> {
  await using handle = await open(mixPath, 'r');
  const header = await readWavHeader(handle);
  const { rateHz, channels, samples, dataOffset } = header;
  if (rateHz !== separator.rateHz) throw new RangeError(`${String(rateHz)} Hz, wanted ${String(separator.rateHz)}`);
  if (channels % 2 !== 0) throw new RangeError(`${String(channels)} channels, wanted stereo pairs`);
  const statistics = await measureMix(createFrameReader(handle, header), header, () => control.checkpoint());
  const grid = describeGrid(separator.windows(samples), samples);
  return { grid, statistics, rateHz, channels, samples, dataOffset, parallelism: separator.parallelism };
}

async function join(task: JoinTask, control: TaskControl): Promise<string> {
  const { mix, slot } = task;
  const separator = shelf.separator(task.choice);
  const file = await createSlotFile(task.wavPath, { rateHz: mix.rateHz, channels: mix.channels }, mix.samples);
  try {
    const chunks = task.chunks.map(({ path, first, last }) => ({
      path,
      shape: chunkShape(separator, mix, { first, last }),
    }));
    const windows = separator.windows(mix.samples);
    const weight = separator.weight.bind(separator);
    const quanta = pairScales(mix).map((scale) => scale?.quantum ?? null);
    await joinSlot(
      { slot, channels: mix.channels, totalSamples: mix.samples, chunks, quanta, windows, weight },
      async (channels, count) => {
        control.checkpoint();
        await file.write(channels, count);
      },
    );
    return await file.close();
  } catch (error) {
    await file.abort();
    throw error;
  }
}

function describeFailure(error: unknown): TaskFailure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error), stack: undefined, code: undefined };
  const { code } = error as NodeJS.ErrnoException;
  return { name: error.name, message: error.message, stack: error.stack, code };
}

async function answer<Kind extends EngineTaskKind>(
  id: number,
  kind: Kind,
  input: EngineTasks[Kind]['input'],
): Promise<EngineAnswer> {
  const control: TaskControl = {
    checkpoint(fraction) {
      if (Atomics.load(stopFlag, 0) === id) throw new TaskStoppedError('stopped');
      tell({ id, outcome: 'progress', fraction });
    },
  };
  try {
    return { id, outcome: 'done', result: await handlers[kind](input, control) };
  } catch (error) {
    if (error instanceof TaskStoppedError) return { id, outcome: 'stopped' };
    return { id, outcome: 'failed', failure: describeFailure(error) };
  }
}

const port = parentPort;
if (port === null) throw new Error('this file is a thread of the engine process');
function tell(message: EngineAnswer): void {
  port?.postMessage(message, []);
}

async function serve({ id, task }: { readonly id: number; readonly task: EngineTask }): Promise<void> {
  tell(await answer(id, task.kind, task.input));
}
port.on('message', (request) => void serve(request));
