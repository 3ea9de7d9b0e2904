// The sites whose links are known. A link to one is rebuilt from its parts, and names one song or nothing.
import { getDomain } from 'tldts';

export interface SiteRule {
  /** The operator's word for it in the configuration. */
  readonly id: string;
  /** As a musician knows it. */
  readonly name: string;
  /** Registrable domains of its links. */
  readonly domains: readonly string[];
  /** How its songs are downloaded; null for a site that gives no downloads. */
  readonly download: SiteDownload | null;
}

export interface SiteDownload {
  /** The only yt-dlp extractors that may run. */
  readonly extractors: readonly string[];
  /** Registrable domains that a download may speak to, the site's own among them. */
  readonly hosts: readonly string[];
  /** The one address of the song that a link names; null where it names a list, a person or nothing. */
  readonly songUrl: (link: URL) => string | null;
}

export const SITE_RULES: readonly SiteRule[] = [
  {
    id: 'youtube',
    name: 'YouTube',
    domains: ['youtube.com', 'youtu.be', 'youtube-nocookie.com'],
    download: {
      extractors: ['youtube'],
      hosts: ['youtube.com', 'googlevideo.com', 'ytimg.com'],
      songUrl: (link) => {
        const id = youTubeId(link);
        return id === null ? null : `https://www.youtube.com/watch?v=${id}`;
      },
    },
  },
  {
    id: 'soundcloud',
    name: 'SoundCloud',
    domains: ['soundcloud.com'],
    download: {
      extractors: ['soundcloud'],
      hosts: ['soundcloud.com', 'sndcdn.com'],
      songUrl: ({ hostname, pathname }) => {
        const song =
          /^\/(?<song>[\w-]+\/(?!(?:sets|tracks|albums|likes|reposts|popular-tracks)(?:\/|$))[\w-]+(?:\/s-\w+)?)\/?$/u.exec(
            pathname,
          );
        return song === null || hostname.startsWith('on.')
          ? null
          : `https://soundcloud.com/${song.groups?.['song'] ?? ''}`;
      },
    },
  },
  {
    id: 'bandcamp',
    name: 'Bandcamp',
    domains: ['bandcamp.com'],
    download: {
      extractors: ['Bandcamp'],
      hosts: ['bandcamp.com', 'bcbits.com'],
      songUrl: ({ hostname, pathname }) => {
        const artist = /^(?<artist>[a-z0-9-]+)\.bandcamp\.com$/u.exec(hostname)?.groups?.['artist'];
        const song = /^\/track\/(?<song>[\w-]+)\/?$/u.exec(pathname)?.groups?.['song'];
        return artist === undefined || song === undefined ? null : `https://${artist}.bandcamp.com/track/${song}`;
      },
    },
  },
  { id: 'spotify', name: 'Spotify', domains: ['spotify.com', 'spotify.link'], download: null },
  { id: 'apple-music', name: 'Apple Music', domains: ['apple.com'], download: null },
  { id: 'tidal', name: 'TIDAL', domains: ['tidal.com'], download: null },
  { id: 'deezer', name: 'Deezer', domains: ['deezer.com', 'deezer.page.link'], download: null },
];

function youTubeId({ hostname, pathname, searchParams }: URL): string | null {
  const inPath = /^\/(?:shorts|live|embed|v)\/(?<id>[^/]+)\/?$/u.exec(pathname)?.groups?.['id'];
  const short = hostname.endsWith('youtu.be') ? pathname.slice(1) : undefined;
  const id = inPath ?? short ?? (pathname === '/watch' ? searchParams.get('v') : null);
  return id !== null && /^[\w-]{11}$/u.test(id) ? id : null;
}

/** The registrable domain by the public suffix list; the host itself where it has none (an address, a single label). */
export function domainOf(hostname: string): string {
  return getDomain(hostname) ?? hostname;
}

export function findSite(hostname: string, rules: readonly SiteRule[]): SiteRule | null {
  const domain = domainOf(hostname);
  return rules.find((rule) => rule.domains.includes(domain)) ?? null;
}
