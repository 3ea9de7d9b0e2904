/** Judges a run by what people saw in the chats, beside what the database and the workflows say of the same jobs. */
import type { JobView } from '../../workflows/contract/job-view.ts';
import type { Conversation, SeenMessage } from '../emulators/core/conversation.ts';
import type { SentSong } from './traffic.ts';

export interface Judgement {
  /** Results that a person can open, each once per job. */
  readonly deliveries: number;
  /** Results that stand, or ever stood, in a second message. */
  readonly duplicates: number;
  /** Messages of the bot that belong to a job and hold nothing of its result. */
  readonly strays: number;
  /** Jobs that ended well and whose result, or a part of it, nobody can see. */
  readonly missing: number;
  /** Songs that were taken and became no job. */
  readonly lost: number;
  /** Jobs that have not ended. */
  readonly stuck: number;
  /** Jobs that ended in another way than with a result. */
  readonly failed: number;
  /** What was wrong, a sentence each. */
  readonly findings: readonly string[];
}

/** A card that shows a result names the loudness of its stems, in every language. */
const RESULT = 'LUFS';
const BOT = 'bot';
const SOUND = /\.(?:wav|flac|opus|mp3)$/u;

export function judge(
  sent: readonly SentSong[],
  jobs: readonly JobView[],
  conversations: ReadonlyMap<string, Conversation>,
): Judgement {
  const findings: string[] = [];
  const count = { deliveries: 0, duplicates: 0, strays: 0, missing: 0, lost: 0, stuck: 0, failed: 0 };
  const titles = new Map<string, JobView[]>();
  for (const job of jobs) {
    const title = titleOf(job);
    titles.set(title, [...(titles.get(title) ?? []), job]);
  }
  for (const song of sent) {
    if (song.acknowledged && !titles.has(song.title)) {
      count.lost += 1;
      findings.push(`lost: ${song.title} was taken and became no job`);
    }
  }
  const shared = sharedHashes(jobs);
  const seen = new Map([...conversations].map(([platform, conversation]) => [platform, readLog(conversation)]));
  for (const job of jobs) {
    if (job.outcome === null) {
      count.stuck += 1;
      findings.push(`stuck: ${job.code} (${titleOf(job)}) is ${job.state}, ${job.stage ?? 'not begun'}`);
      continue;
    }
    if (job.outcome.state !== 'done') {
      count.failed += 1;
      findings.push(
        `failed: ${job.code} (${titleOf(job)}) ended as ${job.outcome.state}: ${JSON.stringify(job.outcome)}`,
      );
      continue;
    }
    const log = seen.get(job.request.address.platform);
    if (log === undefined) continue;
    const cards = log.filter(({ texts }) => texts.some((text) => text.includes(job.code) && text.includes(RESULT)));
    const sounding = job.outcome.result.files.filter(({ fileName }) => SOUND.test(fileName));
    const hashes = sounding.map(({ blob }) => blob.sha256).filter((hash) => !shared.has(hash));
    const sounds = hashes.map((hash) => log.filter(({ files }) => files.has(hash)));
    const extra =
      Math.max(0, cards.length - 1) + sounds.reduce((sum, places) => sum + Math.max(0, places.length - 1), 0);
    if (extra > 0) {
      count.duplicates += extra;
      findings.push(
        `duplicate: ${job.code} (${titleOf(job)}) stands in ${String(cards.length)} cards, its files in ${sounds.map((places) => places.length).join(', ')} messages`,
      );
    }
    const hasLinks = cards.some(({ urls }) => urls > 0);
    if (cards.length === 0 || (!hasLinks && sounds.some((places) => places.length === 0))) {
      count.missing += 1;
      findings.push(
        `missing: ${job.code} (${titleOf(job)}) has ${String(cards.length)} cards, its files ${sounds.map((places) => places.length).join(', ')} messages`,
      );
    } else {
      count.deliveries += 1;
    }
    const strays = log.filter((message) => isStray(message, job)).length;
    count.strays += strays;
    if (strays > 0) findings.push(`stray: ${job.code} (${titleOf(job)}) left ${String(strays)} placeholders`);
  }
  return { ...count, findings };
}

/** A message with all that it ever showed. */
interface LoggedMessage {
  readonly texts: readonly string[];
  readonly files: ReadonlySet<string>;
  readonly urls: number;
  readonly stands: boolean;
}

function readLog(conversation: Conversation): LoggedMessage[] {
  const messages = new Map<string, { texts: string[]; files: Set<string>; urls: number; stands: boolean }>();
  for (const event of conversation.events) {
    if (event.kind === 'notice') continue;
    if (event.kind === 'deleted') {
      const gone = messages.get(`${event.chat} ${event.messageId}`);
      if (gone !== undefined) gone.stands = false;
      continue;
    }
    const { message } = event;
    if (message.by !== BOT || message.onlyFor !== null) continue;
    const key = `${message.chat} ${message.id}`;
    const known = messages.get(key) ?? { texts: [], files: new Set<string>(), urls: 0, stands: true };
    known.texts.push(textOf(message));
    for (const file of message.files) known.files.add(file.sha256);
    known.urls =
      message.buttons.filter(({ url }) => url !== null).length + (message.text.match(/https?:/gu)?.length ?? 0);
    messages.set(key, known);
  }
  return [...messages.values()];
}

/** Without the marks by which bots keep a person's words from coming to life. */
export function visibleText(text: string): string {
  return text.replaceAll(/\p{Cf}/gu, '');
}

function textOf({ text, buttons }: SeenMessage): string {
  return visibleText([text, ...buttons.map(({ customId }) => customId ?? '')].join('\n'));
}

/** Names the job and shows nothing of its result; the last edit of a card always does. */
function isStray({ texts, files, stands }: LoggedMessage, { code }: JobView): boolean {
  return (
    stands &&
    files.size === 0 &&
    texts.some((text) => text.includes(code)) &&
    !texts.some((text) => text.includes(RESULT))
  );
}

/** Files that several jobs have alike, such as a silent residual, say nothing about any of them. */
function sharedHashes(jobs: readonly JobView[]): Set<string> {
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  for (const { id, outcome } of jobs) {
    if (outcome?.state !== 'done') continue;
    for (const { blob } of outcome.result.files) {
      const owner = owners.get(blob.sha256);
      if (owner !== undefined && owner !== id) shared.add(blob.sha256);
      owners.set(blob.sha256, id);
    }
  }
  return shared;
}

function titleOf({ title, request: { command } }: JobView): string {
  const name = title ?? (command.source.kind === 'attachment' ? command.source.name : '');
  return name.replace(/\.wav$/u, '');
}
