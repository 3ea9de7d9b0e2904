import type { Logger } from '../../runtime/log.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ReportProgress } from '../../workflows/contract/job.ts';
import type { EgressPolicy } from '../egress/egress-policy.ts';
import type { SiteRule } from './site-rules.ts';

export interface LinkSettings {
  /** Whether direct links to audio files are fetched. */
  readonly direct: boolean;
  /** Ids of the sites that the operator has switched on. */
  readonly sites: readonly string[];
  readonly largestUploadBytes: number;
  readonly longestSongSeconds: number;
  /** A link that leads nowhere is answered no sooner than this, so that the time tells nothing of the network inside. */
  readonly unreachableAfterMs: number;
}

export interface LinkDependencies {
  readonly blobs: BlobStore;
  readonly settings: LinkSettings;
  /** Whom the fetcher may speak to; `allowPrivateHosts` is empty unless the operator says otherwise. */
  readonly policy: EgressPolicy;
  readonly reportProgress: ReportProgress;
  readonly log: Logger;
  readonly scratchDir: string;
  /** Holds the downloader; may be deleted at any time. */
  readonly cacheDir: string;
  /** What package clients may see of the environment. */
  readonly toolEnvironment: Readonly<Record<string, string>>;
  readonly siteRules: readonly SiteRule[];
}
