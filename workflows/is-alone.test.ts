/** With loudness as it was measured of the shipped strategies' stems, in LUFS. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAlone } from './is-alone.ts';

function measured(loudness: Readonly<Record<string, number | null>>): { name: string; loudnessLufs: number | null }[] {
  return Object.entries(loudness).map(([name, loudnessLufs]) => ({ name, loudnessLufs }));
}

const SINGER = measured({ vocals: -16.3, accompaniment: -69.1 });
const SONG = measured({ vocals: -15.7, accompaniment: -14.7 });
const INSTRUMENTAL = measured({ vocals: null, accompaniment: -16.8 });
const GUITAR = measured({ vocals: null, drums: -31.3, instruments: -18.7 });
const RECORDED_GUITAR = measured({ vocals: null, drums: -30.5, instruments: -12.2 });
const BASS = measured({ vocals: null, drums: -32, instruments: -14.4 });
const TRIO = measured({ vocals: null, drums: -24, instruments: -18.2 });
const RECORDED_BAND = measured({ vocals: null, drums: -21.6, instruments: -17.5 });
const BAND_AND_SINGER = measured({ vocals: -17.9, drums: -26.3, instruments: -20.7 });
const SINGER_ALONE = measured({ vocals: -16.3, drums: -80, instruments: -69.1 });
const SILENCE = measured({ vocals: null, drums: null, instruments: null });

test('one instrument or one singer alone is heard in the recording', () => {
  assert.ok(isAlone(SINGER, 'vocals'));
  for (const alone of [GUITAR, RECORDED_GUITAR, BASS]) assert.ok(isAlone(alone, 'instruments'));
});

test('a part beside others is heard in its stem', () => {
  assert.ok(!isAlone(SONG, 'vocals'));
  assert.ok(!isAlone(BAND_AND_SINGER, 'vocals'));
  for (const band of [TRIO, RECORDED_BAND, BAND_AND_SINGER]) assert.ok(!isAlone(band, 'instruments'));
});

test('a part that does not play is looked for in the recording', () => {
  assert.ok(isAlone(INSTRUMENTAL, 'vocals'));
  assert.ok(isAlone(SINGER_ALONE, 'instruments'));
  assert.ok(isAlone(SINGER_ALONE, 'drums'));
  assert.ok(isAlone(SILENCE, 'instruments'));
});

test('what a singer leaves behind in the other stem is nobody, a quiet band is somebody', () => {
  const behind = (loudnessLufs: number): boolean =>
    isAlone(measured({ vocals: -16, accompaniment: loudnessLufs }), 'vocals');
  assert.deepEqual([-35.9, -36.1].map(behind), [false, true]);
  const struck = (loudnessLufs: number): boolean =>
    isAlone(measured({ vocals: null, drums: loudnessLufs, instruments: -16 }), 'instruments');
  assert.deepEqual([-27.9, -28.1].map(struck), [false, true]);
});
