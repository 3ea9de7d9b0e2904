/** `GET …/events`: how far jobs, the player and an export are, as long as something goes on (Server-Sent Events, WHATWG HTML section 9.2). */
import { createHash } from 'node:crypto';
import { streamSSE } from 'hono/streaming';
import type { SSEStreamingApi } from 'hono/streaming';
import type { Watch } from '../../db/listen.ts';
import { JOB_CHANNEL, RENDERING_CHANNEL } from '../../db/notify.ts';
import type { RecordingJob } from '../../db/recording-view.ts';
import type { RenderingView } from '../../db/renderings.repository.ts';
import type { WebContext } from '../web.ts';
import { exportedFile } from './export.ts';
import { playerOf } from './player-pack.ts';
import type { Look, MixerRoom } from './recording-routes.ts';

/** Below what proxies take for a dead connection. */
const BEAT_MS = 15_000;
/** A browser that lost its connection comes back after this long. */
const RETRY_MS = 2000;

interface Snapshot {
  readonly jobs: readonly Pick<RecordingJob, 'id' | 'code' | 'strategy' | 'state' | 'stage' | 'fraction'>[];
  readonly player: Pick<RenderingView, 'id' | 'state' | 'fraction' | 'failure'> | null;
  readonly mix:
    | (Pick<RenderingView, 'id' | 'state' | 'fraction' | 'failure'> & { readonly href: string | null })
    | null;
}

/** Each event carries the id of what it told, so that whoever comes back hears only what is new. */
export async function streamEvents(context: WebContext, room: MixerRoom, first: Look): Promise<Response> {
  const { listener, stopping } = room.deps;
  const known = context.req.header('Last-Event-ID') ?? '';
  const before = await take(context, room, first, await playerOf(room, first));
  context.header('X-Accel-Buffering', 'no');
  context.header('Cache-Control', 'private, no-store');
  return streamSSE(context, async (stream) => {
    const bell = createBell();
    const about = new Set<string | null>();
    const hear = (id: string | null): void => {
      // Null: announcements may have been missed.
      if (id === null || about.has(id)) bell.ring();
    };
    const watches: readonly Watch[] = await Promise.all([
      listener.watch(JOB_CHANNEL, hear),
      listener.watch(RENDERING_CHANNEL, hear),
    ]);
    stream.onAbort(bell.ring);
    stopping.addEventListener('abort', bell.ring);
    const beat = setInterval(() => void stream.write(': beat\n\n'), BEAT_MS);
    try {
      await stream.write(`retry: ${String(RETRY_MS)}\n\n`);
      const next = async (): Promise<Snapshot | null> => await lookAgain(context, room);
      await follow({ stream, bell, about, stopping, known, first: before, next });
    } finally {
      clearInterval(beat);
      stopping.removeEventListener('abort', bell.ring);
      await Promise.all(watches.map(async (watch) => await watch.stop()));
    }
  });
}

interface Following {
  readonly stream: SSEStreamingApi;
  readonly bell: Bell;
  /** Ids of which changes ring it. */
  readonly about: Set<string | null>;
  readonly stopping: AbortSignal;
  readonly known: string;
  readonly first: Snapshot;
  /** Null once there is nothing more to see for this one. */
  readonly next: () => Promise<Snapshot | null>;
}

async function follow({ stream, bell, about, stopping, known, first, next }: Following): Promise<void> {
  let told = known;
  let snapshot: Snapshot | null = first;
  const isOver = (): boolean => stream.aborted || stopping.aborted;
  while (snapshot !== null && !isOver()) {
    for (const id of idsOf(snapshot)) about.add(id);
    const data = JSON.stringify(snapshot);
    const id = createHash('sha256').update(data).digest('hex').slice(0, 16);
    if (id !== told) await stream.writeSSE({ event: 'state', id, data });
    told = id;
    if (!isGoingOn(snapshot)) break;
    await bell.heard();
    if (!isOver()) snapshot = await next();
  }
  // A browser comes back to a stream that ends by itself, unless it was told.
  if (!isOver()) await stream.writeSSE({ event: 'end', data: '' });
}

function idsOf({ jobs, player, mix }: Snapshot): readonly string[] {
  return [...jobs, player, mix].flatMap((each) => (each === null ? [] : [each.id]));
}

function isGoingOn({ jobs, player, mix }: Snapshot): boolean {
  const isRunning = jobs.some(({ state }) => state === 'queued' || state === 'running');
  return isRunning || player?.state === 'making' || mix?.state === 'making';
}

async function lookAgain(context: WebContext, room: MixerRoom): Promise<Snapshot | null> {
  const look = await room.look(context);
  if (look === null) return null;
  const { separation } = look;
  const player =
    separation === null
      ? null
      : await room.renderings.look({ separationId: separation.id, recipe: { kind: 'player' } });
  return await take(context, room, look, player);
}

async function take(context: WebContext, room: MixerRoom, look: Look, player: RenderingView | null): Promise<Snapshot> {
  const mixId = context.req.query('mix');
  const mix = mixId === undefined ? null : await room.renderings.find(mixId);
  const isTheirs = look.recording.separations.some(({ id }) => id === mix?.separationId);
  return {
    jobs: look.recording.jobs.map(({ id, code, strategy, state, stage, fraction }) => {
      return { id, code, strategy, state, stage, fraction };
    }),
    player: player === null ? null : progressOf(player),
    mix:
      mix === null || !isTheirs || !look.canEdit
        ? null
        : { ...progressOf(mix), href: mix.blob === null ? null : room.linkTo(exportedFile(look, mix, mix.blob)) },
  };
}

function progressOf({ id, state, fraction, failure }: RenderingView): NonNullable<Snapshot['player']> {
  return { id, state, fraction, failure };
}

/** Rung while nobody waits, it is heard at the next wait; and once at the start, as what changed before the watch rang nothing. */
interface Bell {
  readonly ring: () => void;
  readonly heard: () => Promise<void>;
}

function createBell(): Bell {
  let isRung = true;
  let answer: () => void = () => undefined;
  return {
    ring() {
      isRung = true;
      answer();
    },
    async heard() {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
      }
      isRung = false;
    },
  };
}
