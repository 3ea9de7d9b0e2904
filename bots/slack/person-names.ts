/** Messages of people carry an id alone; what they are called is asked once each. */
import { setTimeout as pause } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';

const userSchema = z.looseObject({
  user: z.looseObject({
    name: z.string().optional(),
    real_name: z.string().optional(),
    profile: z.looseObject({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
  }),
});
/** Of the three seconds in which Slack wants its answer. */
const WAIT_MS = 1000;
const MOST_NAMES = 10_000;

/** Null where nobody knows in time. Never rejects. */
export type NameOf = (client: WebClient, userId: string) => Promise<string | null>;

/** @param place keeps workspaces apart */
export function createPersonNames(): (place: string) => NameOf {
  const names = new Map<string, Promise<string | null>>();
  return (place) => async (client, userId) => {
    const key = `${place}/${userId}`;
    const known = names.get(key) ?? ask(client, userId);
    names.delete(key);
    names.set(key, known);
    const [oldest] = names.keys();
    if (names.size > MOST_NAMES && oldest !== undefined) names.delete(oldest);
    const name = await Promise.race([known, pause(WAIT_MS, null, { ref: false })]);
    // Asked again the next time.
    if (name === null) names.delete(key);
    return name;
  };
}

async function ask(client: WebClient, userId: string): Promise<string | null> {
  try {
    const { user } = userSchema.parse(await client.users.info({ user: userId }));
    const { profile, real_name: realName, name } = user;
    return (
      [profile?.display_name, profile?.real_name, realName, name].find((one) => one !== undefined && one !== '') ?? null
    );
  } catch {
    // A name is nice to have; the id stands in for it.
    return null;
  }
}
