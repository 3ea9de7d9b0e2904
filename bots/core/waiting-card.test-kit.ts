/** A card in a chat whose job waits for its asker's link, and everybody who has to link their account. */
import { randomUUID } from 'node:crypto';
import { createJobs } from '../../db/jobs.repository.ts';
import type { Database } from '../../db/orm.ts';
import { testPlan } from '../../db/test-rows.ts';
import type { ChatPort } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress, Requester } from '../../workflows/contract/request.ts';
import { testAccounts } from './accounts.test-kit.ts';
import type { AnswerDeps } from './answer.ts';
import { jobCard } from './job-card.ts';

export interface WaitingCard {
  readonly code: string;
  readonly jobId: string;
  readonly messageId: string;
}

/** From now on whoever asks has to link. To be called before a bot is made of these. */
export function letEverybodyLink(deps: AnswerDeps, database: Database): void {
  Object.assign(deps, { accounts: testAccounts(database, 'always') });
}

export async function postWaitingCard(
  { inbox }: Pick<AnswerDeps, 'inbox'>,
  database: Database,
  port: Pick<ChatPort, 'postCard'>,
  { address, requester }: { readonly address: ChatAddress; readonly requester: Requester },
): Promise<WaitingCard> {
  const jobs = createJobs(database, { linking: 'always' });
  const { platform, botId } = address;
  const request = {
    address,
    requester,
    command: {
      kind: 'split',
      source: { kind: 'link', url: 'https://example.org/a.mp3' },
      strategy: 'vocals',
      quality: 'fast',
      format: 'mp3',
      pick: { kind: 'all' },
    },
  } as const;
  const event = { platform, botId, eventKey: randomUUID(), payload: { kind: 'job', request } } as const;
  const { id: inboundEventId } = await inbox.accept(event);
  const asked = { ...request, inboundEventId };
  const { jobId } = await jobs.open({ request: asked, workflowId: `job-${inboundEventId}`, plan: testPlan });
  const job = await jobs.find(jobId);
  if (job === null || job.awaitsLink === null) throw new Error('the job does not wait for a link');
  const card = jobCard(job, { queuePlace: 0, secondsLeft: null });
  const { messageId } = await port.postCard(address, card, 'nonce');
  return { code: job.code, jobId, messageId };
}
