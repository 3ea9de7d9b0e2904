import { setTimeout as pause } from 'node:timers/promises';
import { cancellationSignal } from '@temporalio/activity';
import type { ControlActivities } from '../../workflows/contract/control-activities.ts';
import { refuse } from '../../workflows/contract/failure.ts';
import type { StoredSource } from '../../workflows/contract/recording.ts';
import { EgressError } from '../egress/egress-error.ts';
import { parseTarget } from '../egress/egress-policy.ts';
import { fetchDirectLink } from './direct-link.ts';
import type { LinkDependencies, LinkFetcherOptions } from './link-dependencies.ts';
import { linkFailure } from './link-refusal.ts';
import { fetchSiteSong } from './site-song.ts';
import { findSite, SITE_RULES } from './site-rules.ts';
import type { SiteRule } from './site-rules.ts';

/** Implements `ControlActivities.fetchLink`; runs inside a Temporal activity. */
export function createLinkFetcher(options: LinkFetcherOptions): ControlActivities['fetchLink'] {
  const { config, resolve } = options;
  const deps: LinkDependencies = {
    ...options,
    policy: {
      allowPrivateHosts: config.allowPrivateHosts ?? [],
      ...(resolve === undefined ? {} : { resolve }),
    },
    siteRules: options.siteRules ?? SITE_RULES,
    unreachableAfterMs: options.unreachableAfterMs ?? 2000,
  };
  return async ({ jobId, url }) => {
    const startedAt = performance.now();
    try {
      const target = parseTarget(url, deps.policy);
      const site = findSite(target.hostname, deps.siteRules);
      await deps.reportProgress({ jobId, stage: 'receive', fraction: 0, line: 'Fetching the link' });
      if (site !== null) return await fetchFromSite(deps, jobId, site, target.url);
      if (!deps.config.direct) refuse('site-off', { site: target.hostname });
      return await fetchDirectLink(deps, jobId, target.url.href);
    } catch (error) {
      if (error instanceof EgressError) {
        deps.log.info({ jobId, reason: error.reason, status: error.status }, 'a link was not fetched');
        if (error.reason === 'unreachable') {
          const waited = performance.now() - startedAt;
          await pause(Math.max(0, deps.unreachableAfterMs - waited), null, { signal: cancellationSignal() });
        }
      }
      throw linkFailure(error, deps.limits.largestUploadBytes);
    }
  };
}

async function fetchFromSite(deps: LinkDependencies, jobId: string, site: SiteRule, link: URL): Promise<StoredSource> {
  if (site.download === null || !deps.config.sites.includes(site.id)) refuse('site-off', { site: site.name });
  const song = site.download.songUrl(link);
  if (song === null) refuse('link-not-audio', { site: site.name });
  return fetchSiteSong(deps, jobId, site, song);
}
