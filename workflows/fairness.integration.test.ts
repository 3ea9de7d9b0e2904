/** One member who asks for much holds up nobody who asks for little: the device is handed out in turn. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CONTROL_QUEUE } from './contract/task-queues.ts';
import { createFakeWorld, pcm, planOf } from './fake-activities.test-kit.ts';
import { QUICK, openStage } from './stage.test-kit.ts';
import type { Stage } from './stage.test-kit.ts';

const FLOOD = 60;
const OTHERS = ['ben', 'cem', 'dana', 'eva', 'finn'];
const PLAN = planOf({ separator: 's', outputs: { a: 'vocals' } });

describe('a device that many wait for', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(async () => {
    await stage.close();
  });

  /** Who had the one slot, in this order, from when the first of all was done and everybody waited. */
  async function turns(members: readonly string[]): Promise<readonly string[]> {
    const had: string[] = [];
    const everybodyWaits = Promise.withResolvers<undefined>();
    const world = createFakeWorld(PLAN, {
      async separateNode({ jobId, input }) {
        await everybodyWaits.promise;
        had.push(jobId);
        return { slots: { a: pcm(`${input.key}.a`) } };
      },
    });
    return await stage.run(
      world,
      async () => {
        const { client } = stage.environment;
        const recording = {
          sha256: 'aa',
          title: 'song',
          durationSeconds: 1,
          canonical: pcm('mix'),
          working: pcm('mix'),
        };
        const handles = [];
        for (const [index, member] of members.entries()) {
          handles.push(
            await client.workflow.start('separateStems', {
              taskQueue: CONTROL_QUEUE,
              workflowId: `turn-${String(members.length)}-${String(index)}`,
              priority: { fairnessKey: member },
              args: [{ jobId: member, plan: PLAN, recording, timing: { ...QUICK, computeHeartbeatSeconds: 300 } }],
            }),
          );
        }
        for (const handle of handles) {
          // Its task waits, or is the one that has the slot.
          while (((await handle.describe()).raw.pendingActivities?.length ?? 0) === 0);
        }
        everybodyWaits.resolve(undefined);
        await Promise.all(handles.map(async (handle) => await handle.result()));
        return had;
      },
      { computeSlots: 1 },
    );
  }

  test('is handed out in turn: five who want it once wait at most twice as long as without the one who wants it sixty times', async (t) => {
    const alone = await turns(OTHERS);
    assert.equal(alone.length, OTHERS.length);
    // The flood is there first, all of it.
    const crowded = await turns([...Array<string>(FLOOD).fill('ana'), ...OTHERS]);
    assert.equal(crowded.length, FLOOD + OTHERS.length);
    // Ana had the slot before anybody else asked; waiting is counted in turns of the one slot, from then on.
    const waits = OTHERS.map((member) => crowded.slice(1).indexOf(member) + 1);
    t.diagnostic(
      `turns until each of the five had the device: ${waits.join(', ')}; without the flood ${String(alone.length)} at most`,
    );
    assert.ok(Math.max(...waits) <= 2 * alone.length, crowded.join(' '));
  });
});
