/**
 * `npm run record-histories`: plays every scene of `workflows/history-scenes.test-kit.ts` on a real Temporal server and stores the
 * workflows' histories, against which `workflows/replay.test.ts` holds every change. Names of scenes after it: these alone.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SCENES } from '../workflows/history-scenes.test-kit.ts';
import { openStage } from '../workflows/stage.test-kit.ts';
import { historyToText } from '../workflows/stored-history.test-kit.ts';

const FOLDER = join(import.meta.dirname, '..', 'workflows', 'testdata', 'histories');

await mkdir(FOLDER, { recursive: true });
const wanted = process.argv.slice(2);
const stage = await openStage();
try {
  for (const scene of SCENES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const workflowIds = await scene.play(stage);
    for (const [suffix, workflowId] of Object.entries(workflowIds)) {
      const history = await stage.environment.client.workflow.getHandle(workflowId).fetchHistory();
      const file = `${scene.name}.${suffix}.json`;
      await writeFile(join(FOLDER, file), historyToText(history));
      console.log(`${file}: ${String(history.events?.length ?? 0)} events`);
    }
  }
} finally {
  await stage.close();
}
