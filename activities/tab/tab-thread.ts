/** A thread that writes one tab and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { tabPages } from './tab-pages.ts';
import type { TabPages, TabWork } from './tab-pages.ts';

/** Null says that another page is written. */
export type TabMessage = TabPages | null;

function say(message: TabMessage): void {
  parentPort?.postMessage(message, []);
}

say(tabPages(workerData as TabWork, () => say(null)));
