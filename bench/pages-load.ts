/** Requests at an even pace, whatever becomes of those before: whoever waits behind a slow one waits as long as a person would. */
import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** As many as a proxy in front of the pages keeps; what is due while all are taken waits, and its wait counts. */
const CONNECTIONS = 64;

export interface Load {
  readonly perSecond: number;
  readonly seconds: number;
  /** The `number`-th request. */
  readonly request: (number: number) => { readonly url: string; readonly headers: Readonly<Record<string, string>> };
}

/**
 * Milliseconds from when each was due to its last byte, in their order.
 *
 * @throws Error for any answer but 200
 */
export async function offerLoad({ perSecond, seconds, request }: Load): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const startedAt = performance.now();
  const answers: Promise<number>[] = [];
  try {
    for (let number = 0; number < perSecond * seconds; number += 1) {
      const dueAt = startedAt + (number * 1000) / perSecond;
      const early = dueAt - performance.now();
      if (early > 0) await pause(early);
      const answer = ask(agent, request(number)).then(() => performance.now() - dueAt);
      // Read below, all together; until then it is nobody's failure.
      answer.catch(() => undefined);
      answers.push(answer);
    }
    return await Promise.all(answers);
  } finally {
    agent.destroy();
  }
}

async function ask(
  agent: Agent,
  { url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${new URL(url).pathname} was answered with ${String(response.statusCode)}`));
      });
    }).on('error', reject);
  });
}
