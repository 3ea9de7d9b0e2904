import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { renderingWorkflowId } from '../../workflows/contract/ids.ts';
import { CONTROL_QUEUE } from '../../workflows/contract/task-queues.ts';
import type { Timing } from '../../workflows/contract/timing.ts';
import type { MixerParts } from './recording-routes.ts';

/** Every band gets its turn. One workflow at a time makes a rendering; one that has ended may be needed again. */
export function createStartRendering(client: Client, timing: Timing): MixerParts['startRendering'] {
  return async (renderingId, bandId) => {
    await client.workflow.start('renderStems', {
      taskQueue: CONTROL_QUEUE,
      workflowId: renderingWorkflowId(renderingId),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      priority: { fairnessKey: createHash('sha256').update(bandId).digest('hex').slice(0, 16) },
      args: [{ renderingId, timing }],
    });
  };
}
