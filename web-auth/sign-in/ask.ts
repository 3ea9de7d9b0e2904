/** Requests to providers: bounded in time and size, and never sent on to another address. */
import { OAuthError } from './oauth-client.ts';

export interface AskLimits {
  readonly timeoutMs: number;
  readonly largestBytes: number;
}

export const ASK_LIMITS: AskLimits = { timeoutMs: 10_000, largestBytes: 64 * 1024 };

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** @param url is in no message: it may hold a token. @throws OAuthError */
export async function ask(url: string, init: RequestInit = {}, limits: AskLimits = ASK_LIMITS): Promise<Answer> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new OAuthError('nonsense', `the provider sent us elsewhere, with ${String(response.status)}`);
    }
    return { status: response.status, text: await boundedText(response, limits.largestBytes) };
  } catch (error) {
    if (error instanceof OAuthError) throw error;
    throw new OAuthError('unreachable', 'the provider did not answer', { cause: error });
  }
}

async function boundedText(response: Response, largestBytes: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    // Leaving the loop cancels the rest of the body.
    if (bytes > largestBytes)
      throw new OAuthError('nonsense', `the provider's answer is over ${String(largestBytes)} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** @throws OAuthError for what is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Its text may hold anything, so it is neither cause nor part of the message.
    throw new OAuthError('nonsense', "the provider's answer is no JSON");
  }
}

/** As `fetch`, for libraries that bring their own requests. */
export async function askAsFetch(url: string, init: RequestInit): Promise<Response> {
  const { status, text } = await ask(url, init);
  return new Response(text, { status, headers: { 'Content-Type': 'application/json' } });
}
