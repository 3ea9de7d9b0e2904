// What the tests of several repositories need to exist.
import { randomUUID } from 'node:crypto';
import type { ChatAddress, JobRequest } from '../workflows/contract/request.ts';
import type { SeparationPlan } from '../workflows/contract/stems.ts';
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
  readonly request: JobRequest;
}

/** A job with an event, a band and a requester of its own, unless told otherwise. */
export async function testJob(
  database: Database,
  {
    address = { ...testAddress, chatId: randomUUID() },
    plan = testPlan,
  }: { address?: ChatAddress; plan?: SeparationPlan } = {},
): Promise<TestJob> {
  const draft = testRequest(address);
  const { id } = await createInbox(database).accept({
    platform: 'console',
    botId: 'local',
    eventKey: randomUUID(),
    payload: { kind: 'job', request: draft },
  });
  const request = { ...draft, inboundEventId: id };
  const workflowId = `job-${randomUUID()}`;
  const { jobId, code } = await createJobs(database).open({ request, workflowId, plan });
  return { jobId, code, workflowId, request };
}

function testRequest(address: ChatAddress): Omit<JobRequest, 'inboundEventId'> {
  return {
    address,
    requester: { platform: 'console', userId: 'me', displayName: 'Me' },
    command: {
      kind: 'split',
      source: { kind: 'attachment', reference: '/song.mp3', name: 'song.mp3', declaredBytes: 7 },
      strategy: 'vocals',
      quality: 'fast',
      format: 'wav',
    },
  };
}
