import type { Database } from './orm.ts';

/** What an operator watches, counted by the database: the same whichever process is asked. */
export interface Figures {
  readonly jobs: readonly { readonly state: string; readonly count: number }[];
  /** Of jobs that are done: from asked to done, and from asked to the first work. */
  readonly jobSeconds: readonly {
    /** Or the command, where it made no stems. */
    readonly strategy: string;
    /** Empty where there is none. */
    readonly quality: string;
    readonly count: number;
    readonly totalSeconds: number;
    readonly waitSeconds: number;
  }[];
  readonly deliveries: readonly {
    readonly platform: string;
    /** `card`, `file`, or the slot's own name. */
    readonly slot: string;
    readonly state: string;
    readonly count: number;
    /** Sends whose outcome nobody knew: as many placeholders at most may stand there beside those that are used. */
    readonly unknownSends: number;
  }[];
  readonly events: readonly { readonly platform: string; readonly state: string; readonly count: number }[];
  /** How long the oldest event has waited for its workflow; 0 where none does. */
  readonly oldestEventSeconds: number;
  readonly blobs: { readonly count: number; readonly bytes: number };
}

export async function readFigures(database: Database): Promise<Figures> {
  return await database.use(async (em) => {
    const jobs = await em.execute<Row[]>('select state, count(*) as count from job group by state order by state');
    const seconds = await em.execute<Row[]>(
      `select coalesce(strategy, request #>> '{command,kind}') as strategy, quality, count(*) as count,
          coalesce(sum(extract(epoch from ended_at - created_at)), 0) as total,
          coalesce(sum(extract(epoch from started_at - created_at)), 0) as wait
        from job where state = 'done' group by 1, 2 order by 1, 2`,
    );
    const deliveries = await em.execute<Row[]>(
      `select platform, regexp_replace(slot, '-[0-9]+$', '') as slot, state, count(*) as count,
          sum(case when state = 'ambiguous' then attempts else greatest(attempts - 1, 0) end) as unknown
        from delivery group by 1, 2, 3 order by 1, 2, 3`,
    );
    const events = await em.execute<Row[]>(
      'select platform, state, count(*) as count from inbound_event group by platform, state order by platform, state',
    );
    const [oldest] = await em.execute<Row[]>(
      `select coalesce(extract(epoch from now() - min(created_at)), 0) as seconds from inbound_event where state = 'accepted'`,
    );
    const [blobs] = await em.execute<Row[]>('select count(*) as count, coalesce(sum(bytes), 0) as bytes from artefact');
    return {
      jobs: jobs.map((row) => ({ state: text(row.state), count: Number(row.count) })),
      jobSeconds: seconds.map((row) => ({
        strategy: text(row.strategy),
        quality: text(row.quality),
        count: Number(row.count),
        totalSeconds: Number(row.total),
        waitSeconds: Number(row.wait),
      })),
      deliveries: deliveries.map((row) => ({
        platform: text(row.platform),
        slot: text(row.slot),
        state: text(row.state),
        count: Number(row.count),
        unknownSends: Number(row.unknown),
      })),
      events: events.map((row) => ({ platform: text(row.platform), state: text(row.state), count: Number(row.count) })),
      oldestEventSeconds: Number(oldest?.seconds ?? 0),
      blobs: { count: Number(blobs?.count ?? 0), bytes: Number(blobs?.bytes ?? 0) },
    };
  });
}

/** Counts come as texts, since they may be larger than a number. */
type Row = Readonly<Record<string, string | number | null>>;

function text(value: string | number | null | undefined): string {
  return String(value ?? '');
}
