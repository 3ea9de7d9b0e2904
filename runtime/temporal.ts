import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';

export interface TemporalAccess {
  readonly namespace: string;
  readonly client: Client;
  readonly connection: NativeConnection;
  close(): Promise<void>;
}

/** Connects a client and a worker's connection to one server. Rejects where it does not answer. */
export async function connectTemporal(address: string, namespace: string): Promise<TemporalAccess> {
  const [clientConnection, connection] = await Promise.all([
    Connection.connect({ address, connectTimeout: '20 seconds' }),
    NativeConnection.connect({ address }),
  ]);
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
