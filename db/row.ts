import { p } from '@mikro-orm/postgresql';

/** What every table has. `updated_at` is kept by a trigger, so that plain SQL cannot forget it. */
export const rowProperties = {
  id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
  createdAt: p.datetime(6).defaultRaw('now()'),
  updatedAt: p.datetime(6).defaultRaw('now()'),
} as const;

interface TouchTrigger {
  name: string;
  timing: 'before';
  events: 'update'[];
  forEach: 'row';
  body: string;
}

/** The trigger that goes with {@link rowProperties}. */
export function touchOnUpdate(name: string): TouchTrigger {
  return {
    name,
    timing: 'before',
    events: ['update'],
    forEach: 'row',
    body: 'NEW.updated_at = clock_timestamp(); RETURN NEW;',
  };
}
