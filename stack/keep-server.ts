/** A server of ours that others know by its address: it may die, and is started again where it was. */
import type { Logger } from '../runtime/log.ts';
import { supervise } from '../runtime/supervise.ts';
import type { Supervisable, Supervised } from '../runtime/supervise.ts';

export interface KeepServerOptions<Server extends Supervisable & { readonly port: number }> {
  /** As a person reads it. */
  readonly name: string;
  /** Resolves once it answers. `port` is where it was before; undefined the first time. */
  readonly start: (port: number | undefined) => Promise<Server>;
  readonly log: Logger;
  /** Shown to whoever sits at the terminal. */
  readonly tell: (line: string) => void;
}

/** Keeps the server running until it is stopped. Rejects where it does not start the first time. */
export async function keepServer<Server extends Supervisable & { readonly port: number }>({
  name,
  start,
  log,
  tell,
}: KeepServerOptions<Server>): Promise<{ readonly first: Server; readonly supervised: Supervised }> {
  let first: Server | undefined;
  const supervised = await supervise({
    async start(well) {
      const server = await start(first?.port);
      first ??= server;
      well();
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
