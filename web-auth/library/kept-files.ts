/** What of a separation can be taken home: one stem in a format in which it is kept, or all of a format. */
import type { SeparationView } from '../../db/recording-view.ts';
import { STEM_FORMATS } from '../../workflows/contract/request.ts';
import type { StemFormat } from '../../workflows/contract/request.ts';
import type { ZippedFile } from '../files/send-zip.ts';

/** The stems' files in one format, in the strategy's order. */
export interface KeptFormat {
  readonly format: StemFormat;
  readonly files: readonly ZippedFile[];
  /** Every stem is among them; the residual may be missing. */
  readonly isWhole: boolean;
}

/** Formats in which anything is kept. Every stem is there as WAV: that is what it was computed as. */
export function keptFormats({ stems, files }: SeparationView): readonly KeptFormat[] {
  const byName = new Map(files.map(({ fileName, blob }) => [fileName, blob]));
  return STEM_FORMATS.flatMap((format): readonly KeptFormat[] => {
    const found = stems.flatMap(({ name, pcm }): readonly ZippedFile[] => {
      const fileName = `${name}.${format}`;
      const blob = format === 'wav' ? pcm : byName.get(fileName);
      return blob === undefined ? [] : [{ fileName, blob }];
    });
    const names = new Set(found.map(({ fileName }) => fileName));
    const isWhole = stems.every(({ name, isResidual }) => isResidual || names.has(`${name}.${format}`));
    return found.length === 0 ? [] : [{ format, files: found, isWhole }];
  });
}

/** By the name that it has in {@link keptFormats}. */
export function findKeptFile(separation: SeparationView, fileName: string): ZippedFile | null {
  const all = keptFormats(separation).flatMap(({ files }) => files);
  return all.find((file) => file.fileName === fileName) ?? null;
}
