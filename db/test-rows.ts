// What the tests of several repositories need to exist.
import { createHash, randomUUID } from 'node:crypto';
import type { LinkPolicy } from '../workflows/contract/linking.ts';
import type { ChatAddress, JobRequest, Requester, SplitCommand } from '../workflows/contract/request.ts';
import type { DecodedRecording, StoredBlob } from '../workflows/contract/recording.ts';
import type { FinishedStem, FinishedStems, SeparationPlan, SeparationResult } from '../workflows/contract/stems.ts';
import { createInbox } from './inbox.repository.ts';
import { createJobs } from './jobs.repository.ts';
import type { Database } from './orm.ts';

export const testAddress: ChatAddress = { platform: 'console', botId: 'local', chatId: 'room', threadId: null };

export const testPlan: SeparationPlan = {
  strategy: 'vocals',
  quality: 'fast',
  tree: { separator: 'spleeter-2stems', outputs: { vocals: 'vocals', accompaniment: 'accompaniment' } },
  planKey: 'plan-1',
  heartbeatSeconds: 30,
};

export interface TestJob {
  readonly jobId: string;
  readonly code: string;
  readonly workflowId: string;
  readonly request: JobRequest<SplitCommand>;
}

/** A job with an event, a band and a requester of its own, unless told otherwise. */
export async function testJob(
  database: Database,
  {
    address = { ...testAddress, chatId: randomUUID() },
    plan = testPlan,
    requester = ME,
    linking = 'never',
  }: { address?: ChatAddress; plan?: SeparationPlan; requester?: Requester; linking?: LinkPolicy } = {},
): Promise<TestJob> {
  const draft = { ...testRequest(address), requester };
  const { id } = await createInbox(database).accept({
    platform: 'console',
    botId: 'local',
    eventKey: randomUUID(),
    payload: { kind: 'job', request: draft },
  });
  const request = { ...draft, inboundEventId: id };
  const workflowId = `job-${randomUUID()}`;
  const { jobId, code } = await createJobs(database, { linking }).open({ request, workflowId, plan });
  return { jobId, code, workflowId, request };
}

const ME: Requester = { platform: 'console', userId: 'me', displayName: 'Me' };

function testRequest(address: ChatAddress): Omit<JobRequest<SplitCommand>, 'inboundEventId'> {
  return {
    address,
    requester: ME,
    command: {
      kind: 'split',
      source: { kind: 'attachment', reference: '/song.mp3', name: 'song.mp3', declaredBytes: 7 },
      strategy: 'vocals',
      quality: 'fast',
      format: 'wav',
      pick: { kind: 'all' },
    },
  };
}

export function testBlob(key: string, content = key): StoredBlob {
  return { key, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

export function testRecording(sha256: string, name = sha256): DecodedRecording {
  const shape = { rateHz: 44_100, channels: 2, samples: 441_000 };
  return {
    sha256,
    title: `Song ${name}`,
    durationSeconds: 10,
    canonical: { ...testBlob(`pcm/${name}/canonical.wav`), ...shape },
    working: { ...testBlob(`pcm/${name}/working.wav`), ...shape },
  };
}

/** `content` stands for what the stems' bytes are; the same content has the same keys. */
export function testResult(sha256 = testBlob('song').sha256, content = 'a', jobName = 'job'): SeparationResult {
  const stem = (name: string, level: number | null): FinishedStem => ({
    name,
    pcm: { ...testBlob(`stems/${content}/${name}.wav`), rateHz: 44_100, channels: 2, samples: 441_000 },
    loudnessLufs: level,
    peakDbtp: level === null ? null : level + 12,
    gainDb: level === null ? null : -14 - level,
    waveform: testBlob(`stems/${content}/${name}.png`),
  });
  const finished: FinishedStems = {
    stems: [stem('vocals', -20.25), stem('accompaniment', -17.5)],
    residual: stem('residual', null),
    nullDepthDb: 93.125,
  };
  const files = [
    { name: 'vocals', fileName: 'vocals.wav', blob: finished.stems[0]?.pcm ?? testBlob('x') },
    { name: 'vocals', fileName: 'vocals.opus', blob: testBlob(`encoded/${content}/vocals.opus`) },
    { name: 'metadata', fileName: 'metadata.json', blob: testBlob(`metadata/${jobName}.json`) },
  ];
  return {
    recording: { sha256, durationSeconds: 10, title: 'Song' },
    strategy: 'vocals',
    quality: 'fast',
    format: 'wav',
    finished,
    pick: { kind: 'all' },
    mixed: null,
    files,
    seconds: 3.5,
  };
}
