import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { findProgram, MissingProgramError } from '../../runtime/child.ts';
import { displayTitle } from '../../workflows/contract/display-title.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { StoredSource } from '../../workflows/contract/recording.ts';
import { startFilteringProxy } from '../egress/filtering-proxy.ts';
import { withScratchFolder } from '../media/scratch-folder.ts';
import type { LinkDependencies } from './link-dependencies.ts';
import { refuseTooLarge } from './link-refusal.ts';
import { domainOf } from './site-rules.ts';
import type { SiteRule } from './site-rules.ts';
import { ensureYtDlpWheel, YtDlpMissingError } from './yt-dlp-wheel.ts';
import { runYtDlp } from './yt-dlp.ts';
import type { YtDlpSong } from './yt-dlp.ts';

/** Pages and their scripts come on top of the song. */
const PAGES_BYTES = 50_000_000;

/**
 * Downloads one song of a site by yt-dlp into the blob store.
 * Thrown: `site-unavailable`, `site-live`, `too-long`, `too-large`, `link-not-audio`.
 */
export async function fetchSiteSong(
  deps: LinkDependencies,
  jobId: string,
  site: SiteRule,
  songUrl: string,
): Promise<StoredSource> {
  const { download } = site;
  if (download === null) refuse('site-off', { site: site.name });
  const downloader = await prepareDownloader(deps, site);
  return withScratchFolder(deps.scratchDir, async (folder) => {
    await using proxy = await startFilteringProxy({
      policy: deps.policy,
      allowHost: (hostname) => download.hosts.includes(domainOf(hostname)),
      maxBytes: deps.limits.largestUploadBytes + PAGES_BYTES,
      onBytes: () => heartbeat(),
    });
    const song = await runYtDlp({
      ...downloader,
      folder,
      songUrl,
      proxyUrl: proxy.url,
      extractors: download.extractors,
      maxBytes: deps.limits.largestUploadBytes,
      maxSeconds: deps.limits.longestSongSeconds,
      signal: cancellationSignal(),
    });
    if (song.path === null) {
      deps.log.info({ jobId, site: site.id, complaint: song.complaint, refused: proxy.refused }, 'a site gave no song');
      refuseSong(song, site, deps, proxy.overflowed);
    }
    const blob = await deps.blobs.putFile(`sources/${jobId}`, song.path, { consume: true });
    await deps.reportProgress({ jobId, stage: 'receive', fraction: 1 });
    return { ...blob, title: displayTitle(song.title ?? site.name) };
  });
}

async function prepareDownloader(
  deps: LinkDependencies,
  site: SiteRule,
): Promise<{ readonly pythonPath: string; readonly wheelPath: string }> {
  try {
    const pythonPath = findProgram('python3');
    if (pythonPath === null) throw new MissingProgramError('python3');
    const { cacheDir, toolEnvironment } = deps;
    const wheelPath = await ensureYtDlpWheel({ cacheDir, pythonPath, toolEnvironment, signal: cancellationSignal() });
    return { pythonPath, wheelPath };
  } catch (error) {
    if (!(error instanceof YtDlpMissingError) && !(error instanceof MissingProgramError)) throw error;
    deps.log.error({ site: site.id, error: error.message }, 'yt-dlp is not there');
    return refuse('site-unavailable', { site: site.name });
  }
}

function refuseSong(song: YtDlpSong, site: SiteRule, deps: LinkDependencies, overflowed: boolean): never {
  const { longestSongSeconds, largestUploadBytes } = deps.limits;
  if (song.isLive || /live event will begin|premieres in|is not currently live/iu.test(song.complaint))
    refuse('site-live');
  if (song.durationSeconds !== null && song.durationSeconds > longestSongSeconds) {
    refuse('too-long', {
      foundMinutes: Math.ceil(song.durationSeconds / 6) / 10,
      limitMinutes: Math.round(longestSongSeconds / 6) / 10,
    });
  }
  if (overflowed || /larger than max-filesize|stopped \(file-size\)/u.test(song.complaint))
    refuseTooLarge(largestUploadBytes);
  if (/Unsupported URL|No suitable extractor/u.test(song.complaint)) refuse('link-not-audio', { site: site.name });
  refuse('site-unavailable', { site: site.name });
}
