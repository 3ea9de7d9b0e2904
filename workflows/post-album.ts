/** The stems of a finished job as one album in one place, for whoever pressed its button. */
import type { AlbumContent, AlbumReport, ResultFile } from './contract/delivery.ts';
import { refuse } from './contract/failure.ts';
import type { Platform } from './contract/request.ts';
import type { Timing } from './contract/timing.ts';
import { ladder } from './delivery-ladder.ts';
import { harmlessly } from './post-extras.ts';
import { extrasActivities, mediaActivities } from './proxies.ts';

export interface PostAlbumInput {
  readonly jobId: string;
  readonly surfaceId: string;
  readonly platform: Platform;
  readonly timing: Timing;
}

/** What music players of chats take. */
const FORMAT = 'mp3';

/** Of what stands in the chat already, else of files that are made for it; else it is said that there is none. */
export async function postAlbum(input: PostAlbumInput): Promise<void> {
  const { jobId, surfaceId, platform, timing } = input;
  const isSettled = await harmlessly(jobId, () => settle(input));
  if (isSettled === undefined) {
    const chat = extrasActivities(platform, timing);
    await harmlessly(jobId, () => chat.postAlbum({ jobId, surfaceId, album: { kind: 'nothing' } }));
  }
}

async function settle({ jobId, surfaceId, platform, timing }: PostAlbumInput): Promise<true> {
  const chat = extrasActivities(platform, timing);
  let album: AlbumContent = { kind: 'standing' };
  for (;;) {
    const report: AlbumReport = await chat.postAlbum({ jobId, surfaceId, album });
    if (report.state === 'settled') {
      return true;
    }
    const files = await encode(jobId, report, timing);
    album = files === null ? { kind: 'nothing' } : { kind: 'files', files };
  }
}

type Needed = Extract<AlbumReport, { state: 'files-needed' }>;

/** In the best encoding in which all of them fit into one message; null where none is small enough. */
async function encode(
  jobId: string,
  { stems, limitBytes }: Needed,
  timing: Timing,
): Promise<readonly ResultFile[] | null> {
  const shape = stems[0]?.pcm ?? refuse('internal');
  const each = limitBytes === null ? null : limitBytes / stems.length;
  for (const encoding of ladder(FORMAT, shape, each)) {
    const files = await mediaActivities(timing).encodeStems({ jobId, stems, encoding });
    const sounds = files.filter(({ kind }) => kind === 'sound');
    if (limitBytes === null || sounds.reduce((sum, { blob }) => sum + blob.bytes, 0) <= limitBytes) {
      return sounds;
    }
  }
  return null;
}
