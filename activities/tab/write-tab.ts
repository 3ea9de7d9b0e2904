import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { encodeAudio } from '../../runtime/media/encode.ts';
import type { WriteActivities } from '../../workflows/contract/media-activities.ts';
import type { StoredBlob } from '../../workflows/contract/recording.ts';
import type { WrittenFiles } from '../../workflows/contract/sheets.ts';
import type { DeliveredFile } from '../../workflows/contract/stems.ts';
import type { TabSummary } from '../../workflows/contract/tab.ts';
import { parseWavHeader } from '../media/float-wav.ts';
import type { MediaDependencies } from '../media/media-dependencies.ts';
import { withScratchFolder } from '../media/scratch-folder.ts';
import { bytesOf } from '../small-blobs.ts';
import { writeOnce } from '../written-record.ts';
import { runTabThread } from './run-tab-thread.ts';
import type { TabPage } from './tab-pages.ts';
import { TAB_VERSION } from './tab-version.ts';

/** As for two channels. */
const PREVIEW_KBPS = 192;

type TabDeps = Pick<MediaDependencies, 'blobs' | 'tools' | 'scratchDir'>;
type TabInput = Parameters<WriteActivities['writeTab']>[0];

/** The activity. Its files lie under a key of all that decides them: an attempt that finds them returns at once. */
export function createWriteTab(deps: TabDeps): WriteActivities['writeTab'] {
  return async (input) => {
    const { title, analysis, heard, plan, alone } = input;
    const { part, level, instrument } = plan;
    const { tuning, capo, frets } = instrument;
    const decidedBy = [TAB_VERSION, title, analysis.sha256, heard.sha256, part, level, tuning, capo, frets, alone];
    return await writeOnce(deps.blobs, { kind: 'tabs', decidedBy }, async (folder) => await write(deps, input, folder));
  };
}

async function write(
  deps: TabDeps,
  { title, analysis, heard, plan, alone }: TabInput,
  folder: string,
): Promise<WrittenFiles<TabSummary>> {
  const signal = cancellationSignal();
  const read = async ({ key }: StoredBlob): Promise<Uint8Array> =>
    await deps.blobs.withFile(key, async (path) => await readFile(path));
  const work = { title, analysis: await read(analysis), heard: await read(heard), plan };
  const { summary, pages } = await runTabThread(work, { signal, onPage: () => heartbeat() });
  const files: DeliveredFile[] = [];
  for (const page of pages) {
    files.push(await store(deps, page, folder));
    heartbeat();
  }
  return { summary: { ...summary, alone }, files };
}

async function store(deps: TabDeps, page: TabPage, folder: string): Promise<DeliveredFile> {
  const isSound = page.fileName.endsWith('.wav');
  const fileName = isSound ? page.fileName.replace(/wav$/u, 'mp3') : page.fileName;
  const key = `${folder}/${fileName}`;
  const blob = isSound ? await storeSound(deps, page.bytes, key) : await deps.blobs.put(key, bytesOf(page.bytes));
  return { name: 'tab', fileName, blob: { key, bytes: blob.bytes, sha256: blob.sha256 } };
}

async function storeSound({ blobs, tools, scratchDir }: TabDeps, wav: Uint8Array, key: string): Promise<StoredBlob> {
  const shape = parseWavHeader(wav);
  if (shape === null) throw new TypeError('the preview is no WAV file of ours');
  return await withScratchFolder(scratchDir, async (cwd) => {
    const [wavPath, outPath] = [join(cwd, 'tab.wav'), join(cwd, 'tab.mp3')];
    await writeFile(wavPath, wav);
    await encodeAudio(tools, {
      wavPath,
      outPath,
      target: { format: 'mp3', kbps: PREVIEW_KBPS },
      shape,
      cwd,
      maxBytes: wav.length + 1_000_000,
      signal: cancellationSignal(),
      onProgress: () => heartbeat(),
    });
    return await blobs.putFile(key, outPath, { consume: true });
  });
}
