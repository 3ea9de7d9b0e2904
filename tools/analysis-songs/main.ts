/** `node tools/analysis-songs/main.ts --out DIR [--seed N] [--count 60] [--fonts fluid,musescore] [--mixed]`: songs of which everything is known. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../runtime/config.ts';
import { makeSongs } from './make-songs.ts';
import { isSoundFontName, USUAL_SOUND_FONTS } from './sound-fonts.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '60' },
    mixed: { type: 'boolean', default: false },
    fonts: { type: 'string', default: USUAL_SOUND_FONTS.join() },
  },
});
if (values.out === undefined) throw new RangeError('--out names the folder that the songs go to');
const { cacheDir } = loadConfig({ env: { WOODSHED_CACHE: process.env['WOODSHED_CACHE'] } });
await makeSongs({
  seed: Number(values.seed),
  count: Number(values.count),
  band: values.mixed ? 'mixed' : 'styled',
  soundFonts: values.fonts.split(',').filter(isSoundFontName),
  folder: resolve(values.out),
  cacheDir,
  tell: (line) => console.error(line),
});
