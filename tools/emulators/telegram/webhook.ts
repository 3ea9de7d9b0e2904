/** Delivery by webhook: again and again until the bot's server answers 2xx, one update of a chat at a time. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { WebhookInfo } from 'grammy/types';
import type { EmulatedClock } from '../core/emulated-clock.ts';
import { badRequest } from './api-error.ts';
import type { Arguments } from './arguments.ts';
import type { QueuedUpdate, UpdateQueue } from './update-queue.ts';

export interface Webhook {
  isSet(): boolean;
  /** An empty url deletes it. @throws ApiError 400 */
  set(args: Arguments): void;
  remove(args: Arguments): void;
  info(): WebhookInfo;
  /** Treats the next answers as never having come. */
  loseAnswers(count: number): void;
  close(): void;
}

interface Target {
  readonly url: URL;
  readonly secretToken: string;
  readonly maxConnections: number;
}

interface Failing {
  readonly fails: number;
  readonly delaySeconds: number;
  readonly notBeforeMs: number;
}

/** How long the bot's server may take to answer. Ours, not the platform's: the bot lives in our time. */
const ANSWER_MS = 60_000;
const MAX_RESEND_SECONDS = 60;

export function createWebhook(
  clock: EmulatedClock,
  queue: UpdateQueue,
  random: () => number,
  /** Executes the method that the bot's server may put into its answer. */
  onAnswer: (body: string) => void,
): Webhook {
  let target: Target | null = null;
  let lastError: { readonly atMs: number; readonly message: string } | null = null;
  const failing = new Map<number, Failing>();
  let answersToLose = 0;
  /** Chats with a delivery under way. */
  const busy = new Map<number, AbortController>();
  queue.onPush(pump);

  function pump(): void {
    if (target === null) return;
    const seen = new Set<number>();
    for (const queued of queue.pending()) {
      const { chatId, update } = queued;
      if (seen.has(chatId)) continue;
      seen.add(chatId);
      if (busy.has(chatId) || busy.size >= target.maxConnections) continue;
      const notBeforeMs = failing.get(update.update_id)?.notBeforeMs ?? 0;
      if (notBeforeMs <= clock.nowMs()) void deliver(target, queued);
    }
  }

  async function deliver(to: Target, { update, chatId }: QueuedUpdate): Promise<void> {
    const abort = new AbortController();
    busy.set(chatId, abort);
    const limit = setTimeout(() => abort.abort(), ANSWER_MS);
    let failure: { readonly message: string; readonly retryAfterSeconds: number } | null = null;
    let body = '';
    try {
      const answer = await post(to, JSON.stringify(update), abort.signal);
      if (answersToLose > 0) {
        answersToLose -= 1;
        failure = { message: 'Webhook connection closed', retryAfterSeconds: 0 };
      } else if (answer.status >= 200 && answer.status < 300) {
        body = answer.body;
      } else {
        const message = `Wrong response from the webhook: ${String(answer.status)} ${answer.reason}`;
        failure = { message, retryAfterSeconds: answer.retryAfterSeconds };
      }
    } catch (error) {
      failure = { message: describeFailure(error), retryAfterSeconds: 0 };
    }
    clearTimeout(limit);
    if (busy.get(chatId) === abort) busy.delete(chatId);
    if (target !== to) return;
    if (failure === null) {
      failing.delete(update.update_id);
      queue.confirm(update.update_id);
      if (body !== '') onAnswer(body);
    } else {
      failed(update.update_id, failure.message, failure.retryAfterSeconds);
    }
    pump();
  }

  /** The first resend comes at once, the second after 2 s, then always twice as late, up to one or two minutes. */
  function failed(updateId: number, message: string, retryAfterSeconds: number): void {
    lastError = { atMs: clock.nowMs(), message };
    const before = failing.get(updateId) ?? { fails: 0, delaySeconds: 1, notBeforeMs: 0 };
    const most = MAX_RESEND_SECONDS * (1 + random());
    const isGrowing = retryAfterSeconds === 0 && before.fails > 0;
    const delaySeconds = isGrowing ? Math.min(most, before.delaySeconds * 2) : before.delaySeconds;
    const waitMs = 1000 * (isGrowing ? delaySeconds : Math.min(3600, retryAfterSeconds));
    failing.set(updateId, { fails: before.fails + 1, delaySeconds, notBeforeMs: clock.nowMs() + waitMs });
    clock.after(waitMs + 1, pump);
  }

  function stop(args: Arguments): void {
    target = null;
    lastError = null;
    failing.clear();
    for (const abort of busy.values()) abort.abort();
    busy.clear();
    if (args.flag('drop_pending_updates')) queue.dropAll();
  }

  return {
    isSet: () => target !== null,
    set(args) {
      const url = args.text('url');
      if (url === '') {
        stop(args);
        return;
      }
      const secretToken = args.text('secret_token');
      if (!URL.canParse(url) || !/^https?:$/u.test(new URL(url).protocol))
        throw badRequest('invalid webhook URL specified');
      if (secretToken.length > 256) throw badRequest('secret token is too long');
      if (!/^[\w-]*$/u.test(secretToken)) throw badRequest('secret token contains unallowed characters');
      stop(args);
      queue.interrupt('terminated by setWebhook request');
      target = { url: new URL(url), secretToken, maxConnections: args.integer('max_connections', 40, 1, 100) };
      pump();
    },
    remove: stop,
    info: () => ({
      url: target?.url.href ?? '',
      has_custom_certificate: false,
      pending_update_count: queue.pending().length,
      ...(target !== null && { max_connections: target.maxConnections }),
      ...(lastError !== null && {
        last_error_date: Math.floor(lastError.atMs / 1000),
        last_error_message: lastError.message,
      }),
      ...(queue.allowed.length > 0 && {
        allowed_updates: queue.allowed as NonNullable<WebhookInfo['allowed_updates']>,
      }),
    }),
    loseAnswers(count) {
      answersToLose += count;
    },
    close() {
      target = null;
      for (const abort of busy.values()) abort.abort();
    },
  };
}

interface WebhookAnswer {
  readonly status: number;
  readonly reason: string;
  readonly retryAfterSeconds: number;
  readonly body: string;
}

async function post(to: Target, json: string, signal: AbortSignal): Promise<WebhookAnswer> {
  return await new Promise((resolve, reject) => {
    const send = to.url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = send(
      to.url,
      {
        method: 'POST',
        signal,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(json),
          ...(to.secretToken !== '' && { 'x-telegram-bot-api-secret-token': to.secretToken }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            reason: incoming.statusMessage ?? '',
            retryAfterSeconds: Number(incoming.headers['retry-after'] ?? 0) || 0,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(json);
  });
}

function describeFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'Connection refused';
  return code === 'ABORT_ERR' ? 'Read timeout expired' : 'Webhook connection closed';
}
