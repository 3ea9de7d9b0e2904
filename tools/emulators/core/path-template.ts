/** Finds the path template that a path was made from: `/channels/1/messages` is of `/channels/{channel_id}/messages`. */

export interface MatchedPath {
  readonly template: string;
  /** Decoded, by name. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** @param templates with `{name}` segments; where several match, the one with the most literal segments wins */
export function pathMatcher(templates: Iterable<string>): (path: string) => MatchedPath | null {
  const byLength = new Map<number, { template: string; segments: readonly string[] }[]>();
  for (const template of templates) {
    const segments = template.split('/');
    byLength.set(segments.length, [...(byLength.get(segments.length) ?? []), { template, segments }]);
  }
  for (const entries of byLength.values()) {
    entries.sort((a, b) => a.segments.filter(isVariable).length - b.segments.filter(isVariable).length);
  }
  return (path) => {
    const given = path.split('/').map((segment) => decodeURIComponent(segment));
    const found = byLength
      .get(given.length)
      ?.find(({ segments }) => segments.every((segment, at) => isVariable(segment) || segment === given[at]));
    if (found === undefined) return null;
    const parameters = Object.fromEntries(
      found.segments.flatMap((segment, at) => (isVariable(segment) ? [[segment.slice(1, -1), given[at] ?? '']] : [])),
    );
    return { template: found.template, parameters };
  };
}

function isVariable(segment: string): boolean {
  return segment.startsWith('{');
}
