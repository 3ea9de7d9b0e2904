import { CancellationScope } from '@temporalio/workflow';
import type { ProgressSpan } from './contract/compute-activities.ts';
import type { DecodedRecording, PcmBlob } from './contract/recording.ts';
import type { FinishedStems, SeparationPlan, StrategyNode } from './contract/stems.ts';
import { refuse } from './contract/failure.ts';
import type { Timing } from './contract/timing.ts';
import { computeActivities } from './proxies.ts';
import { resumeCompute } from './resume-compute.ts';

export interface SeparateStemsInput {
  readonly jobId: string;
  readonly plan: SeparationPlan;
  readonly recording: DecodedRecording;
  readonly timing: Timing;
}

interface Leaf {
  readonly name: string;
  readonly pcm: PcmBlob;
}

/** Walks the strategy tree, siblings in parallel, and finishes its leaves. */
export async function separateStems(input: SeparateStemsInput): Promise<FinishedStems> {
  const { jobId, plan, recording, timing } = input;
  const compute = computeActivities(Math.max(plan.heartbeatSeconds, timing.computeHeartbeatSeconds));
  const share = 1 / countNodes(plan.tree);
  let begun = 0;

  async function separate(node: StrategyNode, pcm: PcmBlob): Promise<Leaf[]> {
    const progress: ProgressSpan = { from: begun * share, to: (begun + 1) * share };
    begun += 1;
    const { slots } = await resumeCompute(timing, () =>
      compute.separateNode({ jobId, separator: node.separator, quality: plan.quality, input: pcm, progress }),
    );
    const leaves = await Promise.all(
      Object.entries(node.outputs).map(async ([slot, output]) => {
        const slotPcm = slots[slot];
        if (slotPcm === undefined) {
          refuse('internal');
        }
        return typeof output === 'string' ? [{ name: output, pcm: slotPcm }] : await separate(output, slotPcm);
      }),
    );
    return leaves.flat();
  }

  // A scope of its own: when one branch fails, its siblings are cancelled rather than left to compute for nobody.
  return await CancellationScope.cancellable(async () => {
    try {
      const stems = await separate(plan.tree, recording.working);
      return await resumeCompute(timing, () => compute.finishStems({ jobId, recording, stems }));
    } catch (error) {
      CancellationScope.current().cancel();
      throw error;
    }
  });
}

function countNodes(node: StrategyNode): number {
  return Object.values(node.outputs).reduce<number>(
    (count, output) => count + (typeof output === 'string' ? 0 : countNodes(output)),
    1,
  );
}
