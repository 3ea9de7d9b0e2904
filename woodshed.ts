/** The command: `npm start`, `npm run -s woodshed -- split …`, `npm run doctor`. */
import { CONSOLE_STYLE } from './bots/core/command-style.ts';
import { helpLines } from './bots/core/help-lines.ts';
import { strategiesOf } from './bots/core/strategies.ts';
import { USUAL_LANGUAGE, wordsOf } from './bots/core/words/words-of.ts';
import { SEPARATORS } from './gpu-worker/separators/registry.ts';
import { ConfigError, loadConfig } from './runtime/config.ts';

const USAGE = [
  'woodshed start',
  'woodshed split SONG [options] [--out DIR] [--json]',
  'woodshed analyze SONG [options] [--out DIR] [--json]',
  'woodshed chords SONG [--capo FRET] [--transpose SEMITONES] [--detail simple|detailed] [--out DIR] [--json]',
  'woodshed lyrics SONG [--words FILE] [--out DIR] [--json]',
  'woodshed tab SONG [--part guitar|bass|melody] [--level easy|intermediate|full] [--tuning NAME] [--capo FRET] [--frets COUNT] [--alone yes|no] [--out DIR] [--json]',
  'woodshed doctor',
];

async function main([verb = 'start', ...words]: readonly string[]): Promise<number> {
  const config = loadConfig({ slotsOf: (separator) => SEPARATORS.get(separator)?.slots ?? null });
  switch (verb) {
    case 'start': {
      const { start } = await import('./stack/start.ts');
      return await start(config);
    }
    case 'split':
    case 'analyze':
    case 'chords':
    case 'lyrics':
    case 'tab': {
      const { script } = await import('./stack/script.ts');
      return await script(config, verb, words);
    }
    case 'doctor': {
      const { doctor } = await import('./stack/doctor.ts');
      return await doctor(config);
    }
    default:
      console.error(
        [
          'Usage:',
          ...USAGE.map((line) => `  ${line}`),
          '',
          'In the chat:',
          ...helpLines(wordsOf(USUAL_LANGUAGE), strategiesOf(config.strategies), CONSOLE_STYLE),
        ].join('\n'),
      );
      return verb === 'help' || verb === '--help' ? 0 : 1;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // A configuration error is for the person who starts Woodshed; anything else is for whoever mends it too.
  console.error(
    error instanceof ConfigError || !(error instanceof Error)
      ? (error as Error).message
      : `Woodshed stopped: ${error.message}`,
  );
  process.exitCode = 1;
}
