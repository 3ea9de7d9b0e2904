import type { JobView } from '../../workflows/contract/job-view.ts';

/** What people know a job's song by; null where it is a link that nobody has looked behind yet. */
export function songName({ title, request }: Pick<JobView, 'title' | 'request'>): string | null {
  const { source } = request.command;
  return title ?? (source.kind === 'link' ? null : source.name);
}
