/** A process of its own that holds a data folder and its servers, for tests that kill it. */
import { startChild } from './child.ts';
import type { RunningChild } from './child.ts';
import { acquireStack } from './data-folder.ts';
import { startPostgres } from './embedded/postgres.ts';
import { startTemporal } from './embedded/temporal-server.ts';
import { createLogger } from './log.ts';
import { processState } from './process-table.ts';

export const SERVICES = ['lock', 'postgres', 'temporal'] as const;
export type Service = (typeof SERVICES)[number];

/** What the process says when its services answer. */
export interface OwnerSaid {
  readonly role: 'owner' | 'guest';
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly pids: readonly number[];
}

export interface OwnerProcess {
  readonly said: OwnerSaid;
  readonly process: RunningChild;
}

/** Starts the process and waits until it has said what it holds. Rejects with its last words when it ends before. */
export async function startOwner(
  dataDir: string,
  services: readonly Service[],
  temporalPath = '',
): Promise<OwnerProcess> {
  let lastWords = '';
  let heard: (said: OwnerSaid) => void = () => undefined;
  const said = new Promise<OwnerSaid>((resolve) => (heard = resolve));
  const args = [import.meta.filename, dataDir, services.join(','), temporalPath];
  const owner = await startChild(process.execPath, args, {
    cwd: dataDir,
    onStdoutLine: (line) => heard(JSON.parse(line) as OwnerSaid),
    onStderrLine: (line) => (lastWords += `${line}\n`),
    killGraceMs: 30_000,
  });
  const ended = owner.exited.then(({ code, signal }) => {
    throw new Error(`the owner ended (${code ?? signal ?? ''}) before it was ready:\n${lastWords}`);
  });
  ended.catch(() => undefined); // its later end is the test's business
  return { said: await Promise.race([said, ended]), process: owner };
}

export async function isGone(pid: number): Promise<boolean> {
  const state = await processState(pid);
  return state === null || state.zombie;
}

async function own([dataDir = '', services = '', temporalPath = '']: readonly string[]): Promise<void> {
  const wants = (service: Service): boolean => services.split(',').includes(service);
  const log = createLogger({ name: 'owner', level: 'warn', destination: 'stderr' });
  const stack = await acquireStack(dataDir);
  const postgres = stack.role === 'owner' && wants('postgres') ? await startPostgres({ dataDir, log }) : null;
  const temporal =
    stack.role === 'owner' && wants('temporal')
      ? await startTemporal({ dataDir, binaryPath: temporalPath, namespace: 'default', log })
      : null;
  const info =
    stack.role === 'guest'
      ? stack.info
      : {
          databaseUrl: postgres?.url ?? 'postgres://none',
          temporalAddress: temporal?.address ?? 'none',
          temporalNamespace: 'default',
        };
  if (stack.role === 'owner') stack.publish(info);
  const pids = [postgres?.pid, temporal?.pid].filter((pid) => pid !== undefined);
  const said: OwnerSaid = {
    role: stack.role,
    databaseUrl: info.databaseUrl,
    temporalAddress: info.temporalAddress,
    pids,
  };
  process.stdout.write(`${JSON.stringify(said)}\n`);
  const alive = setInterval(() => undefined, 1000);
  process.once('SIGTERM', () => {
    clearInterval(alive);
    void Promise.all([postgres?.stop(), temporal?.stop()]).then(() => stack.role === 'owner' && stack.release());
  });
}

if (import.meta.main) await own(process.argv.slice(2));
