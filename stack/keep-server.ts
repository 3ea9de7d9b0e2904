/** A server of ours that others know by its address: it may die, or live and answer nobody, and is started again where it was. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../runtime/log.ts';
import { supervise } from '../runtime/supervise.ts';
import type { Supervisable, Supervised } from '../runtime/supervise.ts';

export interface ServerHealth<Server> {
  /** Must not throw. */
  readonly isWell: (server: Server) => Promise<boolean>;
  readonly everyMs: number;
  /** It is ended when it was unwell so often in a row. */
  readonly mostUnwell: number;
}

export interface KeepServerOptions<Server extends Supervisable & { readonly port: number }> {
  /** As a person reads it. */
  readonly name: string;
  /** Who is unwell too often is ended, and so started again. Only its own end counts where this is left out. */
  readonly health?: ServerHealth<Server>;
  /** Resolves once it answers. `port` is where it was before; undefined the first time. */
  readonly start: (port: number | undefined) => Promise<Server>;
  readonly log: Logger;
  /** Shown to whoever sits at the terminal. */
  readonly tell: (line: string) => void;
}

/** Keeps the server running until it is stopped. Rejects where it does not start the first time. */
export async function keepServer<Server extends Supervisable & { readonly port: number }>({
  name,
  health,
  start,
  log,
  tell,
}: KeepServerOptions<Server>): Promise<{ readonly first: Server; readonly supervised: Supervised }> {
  let first: Server | undefined;
  const onUnwell = (): void => {
    log.error({ server: name }, 'a server answers nobody and is ended');
    tell(`${name} does not answer any more.`);
  };
  const supervised = await supervise({
    async start(well) {
      const server = await start(first?.port);
      first ??= server;
      well();
      if (health !== undefined) void endWhenUnwell(server, health, onUnwell);
      return server;
    },
    onExit({ code, signal, waitMs }) {
      log.error({ server: name, code, signal, waitMs }, 'a server ended and is started again');
      tell(`${name} stopped (${signal ?? `code ${String(code)}`}); starting it again.`);
    },
    onFailure({ error, waitMs }) {
      log.error({ err: error, server: name, waitMs }, 'a server could not be started again');
      tell(`${name} does not start; trying again. Its lines are in the log.`);
    },
  });
  if (first === undefined) throw new TypeError('a supervised server was never started');
  return { first, supervised };
}

/** Resolves when the server has ended, by itself or because it was unwell too often. */
async function endWhenUnwell<Server extends Supervisable>(
  server: Server,
  { isWell, everyMs, mostUnwell }: ServerHealth<Server>,
  onUnwell: () => void,
): Promise<void> {
  const ended = new AbortController();
  void server.exited.finally(() => ended.abort());
  for (let unwell = 0; !ended.signal.aborted;) {
    await pause(everyMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
    if (ended.signal.aborted) return;
    unwell = (await isWell(server)) ? 0 : unwell + 1;
    if (unwell < mostUnwell || ended.signal.aborted) continue;
    onUnwell();
    await server.stop();
  }
}
