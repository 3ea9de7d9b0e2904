// Run as a process of its own, so that a download that hangs can be ended: lets the Temporal SDK fetch its own server binary into
// the folder given, starts it once to see that it works, and ends.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [downloadDir] = process.argv.slice(2);
if (downloadDir === undefined) throw new TypeError('the folder to download into is missing');
const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir } },
});
await environment.teardown();
