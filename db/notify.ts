import type { EntityManager } from '@mikro-orm/postgresql';

/** Wire names of notification channels. */
export const INBOUND_CHANNEL = 'inbound';
export const JOB_CHANNEL = 'job';
export const RENDERING_CHANNEL = 'rendering';
/** A job that may have held up others of its asker has ended, or waits. */
export const TURN_CHANNEL = 'turn';
/** A chat identity was linked; the payload is its id. */
export const LINK_CHANNEL = 'link';

/** Heard by listeners when the transaction commits; equal notifications of one transaction arrive once. */
export async function notify(em: EntityManager, channel: string, payload = ''): Promise<void> {
  await em.execute('select pg_notify(?, ?)', [channel, payload]);
}
