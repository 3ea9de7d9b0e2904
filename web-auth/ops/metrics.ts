/** `GET /metrics`: what the database counts, and this process's own health, as Prometheus reads them. No name of a person, chat or song. */
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { readFigures } from '../../db/figures.repository.ts';
import type { Figures } from '../../db/figures.repository.ts';
import type { Database } from '../../db/orm.ts';
import type { Part } from './readiness.ts';

export interface Metrics {
  readonly contentType: string;
  /** Everything, counted now. */
  read(): Promise<string>;
  /** Ends what is measured in between. */
  stop(): void;
}

/** @param parts how the parts stand */
export function createMetrics(database: Database, parts: () => Promise<readonly Part[]>): Metrics {
  const own = new Registry();
  collectDefaultMetrics({ register: own, prefix: 'woodshed_web_' });
  return {
    contentType: own.contentType,
    async read() {
      const [figures, stands] = await Promise.all([readFigures(database), parts()]);
      // Counted anew each time: what is not there any more must not stand for ever.
      const counted = new Registry();
      fill(counted, figures, stands);
      return `${await counted.metrics()}\n${await own.metrics()}`;
    },
    stop: () => own.clear(),
  };
}

function fill(register: Registry, figures: Figures, parts: readonly Part[]): void {
  const up = gauge(register, 'woodshed_up', 'Whether a part answers: 1 or 0.', ['part']);
  for (const { name, isWell } of parts) up.set({ part: name }, isWell ? 1 : 0);
  const jobs = gauge(register, 'woodshed_jobs', 'Jobs by state.', ['state']);
  for (const { state, count } of figures.jobs) jobs.set({ state }, count);

  const labels = ['strategy', 'quality'];
  const done = counter(register, 'woodshed_job_seconds_count', 'Jobs that were done.', labels);
  const total = counter(register, 'woodshed_job_seconds_sum', 'Seconds from asked to done.', labels);
  const wait = counter(register, 'woodshed_queue_wait_seconds_sum', 'Seconds from asked to the first work.', labels);
  for (const { strategy, quality, count, totalSeconds, waitSeconds } of figures.jobSeconds) {
    done.inc({ strategy, quality }, count);
    total.inc({ strategy, quality }, totalSeconds);
    wait.inc({ strategy, quality }, waitSeconds);
  }

  const deliveries = counter(register, 'woodshed_delivery_total', 'What was posted, by how that ended.', [
    'platform',
    'slot',
    'state',
  ]);
  for (const { platform, slot, state, count } of figures.deliveries) deliveries.inc({ platform, slot, state }, count);
  const ambiguous = counter(register, 'woodshed_delivery_ambiguous_total', 'Sends whose outcome nobody knew.', [
    'platform',
    'slot',
  ]);
  for (const { platform, slot, unknownSends } of figures.deliveries) ambiguous.inc({ platform, slot }, unknownSends);
  const events = counter(register, 'woodshed_inbound_total', 'Chat events that were taken.', ['platform', 'state']);
  for (const { platform, state, count } of figures.events) events.inc({ platform, state }, count);
  gauge(register, 'woodshed_inbound_oldest_seconds', 'How long the oldest event has waited to be started.').set(
    figures.oldestEventSeconds,
  );
  gauge(register, 'woodshed_blobs', 'Files that bands hold.').set(figures.blobs.count);
  gauge(register, 'woodshed_blob_bytes', 'Bytes of the files that bands hold.').set(figures.blobs.bytes);
}

function gauge(register: Registry, name: string, help: string, labelNames: string[] = []): Gauge {
  return new Gauge({ name, help, labelNames, registers: [register] });
}

function counter(register: Registry, name: string, help: string, labelNames: string[]): Counter {
  return new Counter({ name, help, labelNames, registers: [register] });
}
