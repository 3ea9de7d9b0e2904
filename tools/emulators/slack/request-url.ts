/** The Events API over HTTP: signed requests to the app's request URL. */
import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { isRecord } from '../core/described.ts';
import type { Attempt, Transport } from './attempt.ts';

export interface RequestUrl extends Transport {
  readonly url: string;
  /** Sends `url_verification` there first. @returns whether the challenge came back; else all stays as it was */
  set(url: string): Promise<boolean>;
  close(): void;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export function createRequestUrl(
  firstUrl: string,
  signingSecret: string,
  verificationToken: string,
  acknowledgeMs: number,
): RequestUrl {
  let url = firstUrl;
  const closing = new AbortController();

  /** @throws Error with `reason` of `x-slack-retry-reason` as its message */
  async function post(to: string, type: string, body: string, more: Record<string, string>): Promise<Answer> {
    // The bot's clock judges the timestamp, so it is ours and not Slack's, which may run ahead.
    const timestamp = String(Math.floor(Date.now() / 1000));
    const timeout = AbortSignal.timeout(acknowledgeMs);
    return await new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        to,
        {
          method: 'POST',
          signal: AbortSignal.any([timeout, closing.signal]),
          headers: {
            'content-type': type,
            'content-length': Buffer.byteLength(body),
            'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
            'x-slack-request-timestamp': timestamp,
            'x-slack-signature': signatureOf(signingSecret, timestamp, body),
            ...more,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', () => reject(new Error('connection_failed')));
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              text: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      outgoing.on('error', () => reject(new Error(timeout.aborted ? 'http_timeout' : 'connection_failed')));
      outgoing.end(body);
    });
  }

  return {
    get url() {
      return url;
    },
    async set(wanted) {
      const challenge = signatureOf(signingSecret, wanted, 'challenge').slice(3);
      const body = JSON.stringify({ token: verificationToken, challenge, type: 'url_verification' });
      try {
        const { status, text } = await post(wanted, 'application/json', body, {});
        if (status !== 200 || !text.includes(challenge)) return false;
      } catch {
        return false;
      }
      url = wanted;
      return true;
    },
    async send(kind, payload, retry): Promise<Attempt> {
      const body =
        kind === 'events_api'
          ? JSON.stringify(payload)
          : kind === 'interactive'
            ? new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
            : new URLSearchParams(payload as Record<string, string>).toString();
      try {
        const { status, headers, text } = await post(
          url,
          kind === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded',
          body,
          retry === null ? {} : { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason },
        );
        if (status < 200 || status > 299) {
          return { kind: 'failed', reason: 'http_error', mayRetry: headers['x-slack-no-retry'] !== '1' };
        }
        return { kind: 'acknowledged', answer: readAnswer(text) };
      } catch (error) {
        return { kind: 'failed', reason: error instanceof Error ? error.message : 'unknown_error', mayRetry: true };
      }
    },
    close: () => closing.abort(),
  };
}

/** `v0=` and the HMAC over version, timestamp and raw body. */
export function signatureOf(signingSecret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function readAnswer(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Plain text is a message of its own.
  }
  return { text };
}
