import type { Logger } from '../../runtime/log.ts';
import type { BlobStore } from '../../workflows/contract/blob-store.ts';
import type { ReportProgress } from '../../workflows/contract/job.ts';
import type { EgressPolicy } from '../egress/egress-policy.ts';
import type { SiteRule } from './site-rules.ts';

export interface LinkConfig {
  /** Whether direct links to audio files are fetched. */
  readonly direct: boolean;
  /** Ids of the sites that the operator has switched on. */
  readonly sites: readonly string[];
  /** Hosts of the operator's own network that may be fetched from; see {@link EgressPolicy}. None by default. */
  readonly allowPrivateHosts?: readonly string[];
}

export interface LinkLimits {
  readonly largestUploadBytes: number;
  readonly longestSongSeconds: number;
}

export interface LinkFetcherOptions {
  readonly blobs: BlobStore;
  readonly config: LinkConfig;
  readonly limits: LinkLimits;
  readonly reportProgress: ReportProgress;
  readonly log: Logger;
  readonly scratchDir: string;
  /** Holds the downloader; may be deleted at any time. */
  readonly cacheDir: string;
  /** What package clients may see of the environment. */
  readonly toolEnvironment: Readonly<Record<string, string>>;
  /** The system's resolver by default. */
  readonly resolve?: NonNullable<EgressPolicy['resolve']>;
  /** The known sites by default. */
  readonly siteRules?: readonly SiteRule[];
  /** A link that leads nowhere is answered no sooner than this, so that the time tells nothing of the network inside; 2000 by default. */
  readonly unreachableAfterMs?: number;
}

/** The options with everything decided. */
export interface LinkDependencies extends LinkFetcherOptions {
  readonly policy: EgressPolicy;
  readonly siteRules: readonly SiteRule[];
  readonly unreachableAfterMs: number;
}
