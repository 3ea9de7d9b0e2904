/** Cards and result files as the writers hand them to a port. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Card } from '../../workflows/contract/card.ts';
import type { OpenFile } from '../../workflows/contract/chat-port.ts';
import type { FileKind } from '../../workflows/contract/delivery.ts';
import type { JobView } from '../../workflows/contract/job-view.ts';
import type { JobOutcome } from '../../workflows/contract/job.ts';
import { exampleJob, exampleResult } from './example-job.test-kit.ts';
import { jobCard } from './job-card.ts';

export const DONE: JobOutcome = { state: 'done', result: exampleResult(), reused: false };

export function exampleCard(changes: Partial<JobView>, outcome?: JobOutcome): Card {
  const context = { queuePlace: 0, secondsLeft: 20 };
  return jobCard(exampleJob(changes), context, outcome === undefined ? {} : { outcome });
}

/** A split of so many stems. */
export function doneWith(stems: number): JobOutcome {
  const result = exampleResult();
  const names = Array.from({ length: stems }, (_, index) => `stem-${String(index + 1)}`);
  const finished = {
    ...result.finished,
    stems: names.flatMap((name) => result.finished.stems.slice(0, 1).map((stem) => ({ ...stem, name }))),
  };
  return { state: 'done', result: { ...result, finished }, reused: false };
}

/** A result file on the disk; its bytes differ from every other's, and mean nothing. */
export async function exampleFile(folder: string, fileName: string, size: number): Promise<OpenFile> {
  const bytes = Buffer.alloc(size, createHash('sha256').update(fileName).digest());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = join(folder, sha256);
  await writeFile(path, bytes);
  const kind = KINDS[extname(fileName)] ?? 'sound';
  return {
    name: fileName.replace(/\.\w+$/u, ''),
    fileName,
    blob: { key: `results/${sha256}`, bytes: size, sha256 },
    kind,
    durationSeconds: kind === 'sound' ? 1 : null,
    path,
  };
}

const KINDS: Readonly<Record<string, FileKind>> = { '.png': 'picture', '.json': 'data' };
