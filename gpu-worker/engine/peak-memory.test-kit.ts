import { readFile } from 'node:fs/promises';

/** Largest resident size that a process ever had, in bytes; Linux alone tells. */
export async function peakResidentBytes(pid: number | null): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmHWM:\s*(?<kilobytes>\d+) kB$/mu.exec(status)?.groups?.['kilobytes']) * 1024;
}
