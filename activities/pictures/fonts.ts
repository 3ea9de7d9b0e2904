/** What pictures write with: fonts that come with Woodshed, so that a picture is the same on every machine. */
import { fileURLToPath } from 'node:url';
import type { ResvgRenderOptions } from '@resvg/resvg-js';

export const TEXT_FONT = 'DejaVu Sans';

const TEXT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => `dejavu-fonts-ttf/ttf/${file}`);
/** Scripts that {@link TEXT_FONT} has no letters of: titles in Japanese, Korean, Thai, … Signs of music are of no script. */
const OTHER_SCRIPTS =
  /[^\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Armenian}\p{sc=Georgian}\p{sc=Arabic}\p{sc=Hebrew}\p{sc=Common}\p{sc=Inherited}\p{Co}]/u;

/**
 * Where the drawing needs letters of other scripts, the fonts of the machine are looked through as well; what they lack too is drawn as a box.
 *
 * @param svg the drawing
 * @param modules further font files, as module specifiers
 */
export function pictureFonts(svg: string, modules: readonly string[] = []): NonNullable<ResvgRenderOptions['font']> {
  return {
    fontFiles: [...TEXT_FILES, ...modules].map((file) => fileURLToPath(import.meta.resolve(file))),
    loadSystemFonts: OTHER_SCRIPTS.test(svg),
    defaultFontFamily: TEXT_FONT,
  };
}
