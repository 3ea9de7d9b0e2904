/** Separators whose output is known in closed form, and some that behave badly; the engine's tests load this file as its registry. */
import { access, mkdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Channels, Separator, SeparatorEntry, SeparatorSession, WindowSpan } from '../models/separator.ts';

const RATE_HZ = 44_100;

/** sin² over the window: copies at half or quarter of its length sum to a constant. */
function hann(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin((Math.PI * (index + 0.5)) / length) ** 2);
}

interface Behaviour {
  readonly slots: readonly string[];
  readonly windowSamples: number;
  readonly hopSamples: number;
  readonly isWeighted: boolean;
  readonly process: (span: WindowSpan, mix: Channels) => Channels[] | Promise<Channels[]>;
  readonly parallelism?: Separator['parallelism'];
}

function createTestSeparator(behaviour: Behaviour): Separator {
  const { slots, windowSamples, hopSamples, isWeighted } = behaviour;
  const weights = hann(windowSamples);
  return {
    slots,
    rateHz: RATE_HZ,
    parallelism: behaviour.parallelism ?? 'windows',
    windows(totalSamples) {
      const spans: WindowSpan[] = [];
      // From before the song until behind it, so that every sample has its full sum of weights.
      for (let start = hopSamples - windowSamples; start < totalSamples; start += hopSamples) {
        const end = start + windowSamples;
        spans.push({ inputStart: start, inputEnd: end, outputStart: start, outputEnd: end });
      }
      return spans;
    },
    weight: () => (isWeighted ? weights : null),
    async open(): Promise<SeparatorSession> {
      return await Promise.resolve({
        async process(span, mix) {
          const outputs = await behaviour.process(span, mix);
          if (!isWeighted) return outputs;
          return outputs.map((channels) =>
            channels.map((channel) => channel.map((sample, index) => sample * (weights[index] as number))),
          );
        },
        close: async () => await Promise.resolve(),
      });
    },
  };
}

/** Slot 1 is the mix, slot 2 its negative at half the level with the sides swapped. */
function mirror(_span: WindowSpan, mix: Channels): Channels[] {
  const [left, right] = mix as [Float32Array, Float32Array];
  return [[left, right], [right, left].map((channel) => channel.map((sample) => sample * -0.5))];
}

const MIRROR = { slots: ['same', 'mirrored'], isWeighted: true, process: mirror };
const PLAIN = { slots: ['same'], isWeighted: false, windowSamples: 44_100, hopSamples: 44_100 };

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

async function waitFor(path: string): Promise<void> {
  while (!(await exists(path))) await pause(5);
}

type Create = (folder: string) => Separator;

/** Each may use a folder that the test hands over as its "model". */
const CREATORS: Readonly<Record<string, Create>> = {
  'half-overlap': () => createTestSeparator({ ...MIRROR, windowSamples: 8192, hopSamples: 4096 }),
  'quarter-hop': () => createTestSeparator({ ...MIRROR, windowSamples: 4096, hopSamples: 1024 }),
  'long-windows': () =>
    createTestSeparator({
      ...PLAIN,
      windowSamples: 441_000,
      hopSamples: 441_000,
      process: (_span, mix) => [mix],
    }),
  /** Windows after the first second wait for the file `gate`. */
  gated: (folder) =>
    createTestSeparator({
      ...PLAIN,
      process: async (span, mix) => {
        if (span.outputStart >= 2 * 44_100) await waitFor(join(folder, 'gate'));
        return [mix.map((channel) => channel.slice())];
      },
    }),
  /** Its memory suffices for one window at a time. */
  'one-at-a-time': (folder) =>
    createTestSeparator({
      ...PLAIN,
      process: async (_span, mix) => {
        try {
          await mkdir(join(folder, 'busy'));
        } catch {
          throw new Error('Failed to allocate memory for requested buffer of size 123456789');
        }
        // Long enough for the other thread to come along, until one has been seen alone.
        await pause(30);
        await rmdir(join(folder, 'busy'));
        return [mix.map((channel) => channel.slice())];
      },
    }),
  'never-fits': () =>
    createTestSeparator({
      ...PLAIN,
      process: () => {
        throw new Error('CUDA failure 2: out of memory');
      },
    }),
  diverging: () =>
    createTestSeparator({ ...PLAIN, process: (_span, mix) => [mix.map((channel) => channel.map(() => NaN))] }),
  /** Writes the file `begun` and blocks its thread, as onnxruntime does. */
  stubborn: (folder) =>
    createTestSeparator({
      ...PLAIN,
      process: async (_span, mix) => {
        await writeFile(join(folder, 'begun'), '');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120_000);
        return [mix.map((channel) => channel.slice())];
      },
    }),
};

export const SEPARATORS: ReadonlyMap<string, SeparatorEntry> = new Map(
  Object.entries(CREATORS).map(([id, create]) => [
    id,
    {
      id,
      slots: id === 'half-overlap' || id === 'quarter-hop' ? MIRROR.slots : PLAIN.slots,
      models: ['folder'],
      version: 1,
      create: (modelPaths) => create(modelPaths.get('folder')?.[0] ?? ''),
    },
  ]),
);
