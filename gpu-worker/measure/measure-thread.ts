/** A thread that measures: takes one task at a time. */
import { parentPort } from 'node:worker_threads';
import { conformFile } from './conform.ts';
import { measureFile, subtractFiles } from './measure-files.ts';
import { mixPartFiles } from './mix-parts.ts';
import type { OnProgress } from './open-wav.ts';
import type { MeasureMessage, MeasureRequest, MeasureTaskKind, MeasureTasks } from './measure-tasks.ts';
import { PICTURE_WIDTH } from './waveform-picture.ts';

type Handlers = {
  [Kind in MeasureTaskKind]: (
    input: MeasureTasks[Kind]['input'],
    onProgress: OnProgress,
  ) => Promise<MeasureTasks[Kind]['result']>;
};

const handlers: Handlers = {
  conform: async ({ wavPath, outPath, shape }) => {
    await conformFile(wavPath, outPath, shape);
    return null;
  },
  measure: ({ wavPath }, onProgress) => measureFile(wavPath, PICTURE_WIDTH, onProgress),
  subtract: (input, onProgress) => subtractFiles(input, PICTURE_WIDTH, onProgress),
  mix: (input, onProgress) => mixPartFiles(input, PICTURE_WIDTH, onProgress),
  // Most songs are only taken apart.
  hear: async ({ wavPath }, onProgress) => {
    const { hearFile } = await import('./hear-file.ts');
    return await hearFile(wavPath, onProgress);
  },
  analyse: async (input, onProgress) => {
    const { analyseHeard } = await import('./analyse-heard.ts');
    return await analyseHeard(input, onProgress);
  },
  draw: async ({ peaks, ...picture }) => {
    // The PNG encoder is slow to load, and not needed before the first song has been measured.
    const { drawWaveform } = await import('./draw-waveform.ts');
    return drawWaveform(peaks, picture);
  },
};

const port = parentPort;
if (port === null) throw new Error('this file is a thread');

function say(message: MeasureMessage): void {
  port?.postMessage(message, []);
}

async function serve<Kind extends MeasureTaskKind>({ kind, input }: MeasureRequest<Kind>): Promise<void> {
  try {
    say({ is: 'done', result: await handlers[kind](input, (fraction) => say({ is: 'progress', fraction })) });
  } catch (error) {
    const { name, message, code } = error as NodeJS.ErrnoException;
    say({ is: 'failed', name, message, code });
  }
}

port.on('message', (request: MeasureRequest) => void serve(request));
