import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker, makeTelemetryFilterString } from '@temporalio/worker';
import type { LogLevel as SdkLogLevel, WorkerOptions } from '@temporalio/worker';
import type { Logger } from './log.ts';

export interface TemporalAccess {
  readonly namespace: string;
  readonly client: Client;
  readonly connection: NativeConnection;
  close(): Promise<void>;
}

const LEVELS: Readonly<Record<SdkLogLevel, 'trace' | 'debug' | 'info' | 'warn' | 'error'>> = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'debug', // states of workers: of no interest to an operator
  WARN: 'warn',
  ERROR: 'error',
};

/**
 * Sends the SDK's lines to our log and leaves signals to us. Once per process, before anything else of the SDK is used.
 */
export function installTemporalRuntime(log: Logger): void {
  const logger = new DefaultLogger('INFO', ({ level, message, meta }) => {
    const { error, ...facts } = meta ?? {};
    log[LEVELS[level]]({ ...facts, ...(error === undefined ? {} : { err: error as unknown }) }, message);
  });
  // The core would write to standard output otherwise, which belongs to results.
  const filter = makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' });
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { forward: {}, filter } } });
}

/** Connects a client and a worker's connection to one server. Rejects where it does not answer. */
export async function connectTemporal(address: string, namespace: string): Promise<TemporalAccess> {
  // One after the other: where the first fails the other would go on trying.
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await connectClient(address, connection);
  return {
    namespace,
    client: new Client({ connection: clientConnection, namespace }),
    connection,
    async close() {
      await clientConnection.close();
      await connection.close();
    },
  };
}

/** Whoever tries again leaves nothing open. */
async function connectClient(address: string, connection: NativeConnection): Promise<Connection> {
  try {
    return await Connection.connect({ address, connectTimeout: '20 seconds' });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Activities get this long to notice that their worker stops; their checkpoints make the rest cheap to do again. */
const GRACE = '3 seconds';
const FORCE = '20 seconds';
/** Cancellation reaches an activity with a heartbeat's answer, so heartbeats are never held back for long. */
const HEARTBEAT_THROTTLE = '2 seconds';

/** A worker with the house's defaults; polls once `run` is called. */
export async function createWorker(
  { connection, namespace }: TemporalAccess,
  options: Omit<WorkerOptions, 'connection' | 'namespace'>,
): Promise<Worker> {
  return await Worker.create({
    connection,
    namespace,
    shutdownGraceTime: GRACE,
    shutdownForceTime: FORCE,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    defaultHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    ...options,
  });
}

export interface RunningWorkers {
  /** Rejects when a worker cannot go on. */
  readonly finished: Promise<void>;
  /** Lets running activities end or notice, then resolves. */
  stop(): Promise<void>;
}

/** Starts polling. */
export function runWorkers(workers: readonly Worker[]): RunningWorkers {
  const finished = Promise.all(workers.map(async (worker) => await worker.run())).then(() => undefined);
  // Whoever stops them sees the failure there.
  finished.catch(() => undefined);
  return {
    finished,
    async stop() {
      for (const worker of workers) {
        if (worker.getState() === 'RUNNING') {
          worker.shutdown();
        }
      }
      await finished;
    },
  };
}
