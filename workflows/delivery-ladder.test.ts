import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { STEM_FORMATS } from './contract/request.ts';
import type { StemFormat } from './contract/request.ts';
import { bestEncoding, ladder, leastBytes } from './delivery-ladder.ts';
import type { SoundShape } from './delivery-ladder.ts';

const MIB = 1024 * 1024;
const MB = 1_000_000;

function song(minutes: number, shape: Partial<SoundShape> = {}): SoundShape {
  const rateHz = shape.rateHz ?? 44_100;
  return { rateHz, channels: shape.channels ?? 2, samples: Math.floor(minutes * 60 * rateHz) };
}

function rungs(format: StemFormat, minutes: number, limitBytes: number | null): string {
  return ladder(format, song(minutes), limitBytes)
    .map((encoding) => (encoding.kbps === null ? encoding.format : `${encoding.format} ${String(encoding.kbps)}`))
    .join(', ');
}

describe('the delivery ladder', () => {
  const table: readonly (readonly [
    format: StemFormat,
    minutes: number,
    limit: number | null,
    rungs: string,
    why: string,
  ])[] = [
    ['wav', 60, null, 'wav, flac, mp3 320, mp3 192, mp3 128', 'no limit leaves all'],
    ['flac', 60, null, 'flac, mp3 320, mp3 192, mp3 128', 'nothing is larger than what was asked for'],
    ['mp3', 60, null, 'mp3 320, mp3 192, mp3 128', 'no lossless rung below a lossy one'],
    ['opus', 60, null, 'opus 160, opus 96, opus 64', 'Opus stays Opus'],
    ['wav', 0.4, 10 * MIB, 'wav, flac, mp3 320, mp3 192, mp3 128', '24 s of 32-bit float fit into 10 MiB'],
    ['wav', 0.6, 10 * MIB, 'flac, mp3 320, mp3 192, mp3 128', '36 s do not'],
    ['flac', 1.9, 10 * MIB, 'flac, mp3 320, mp3 192, mp3 128', 'two minutes of FLAC'],
    ['flac', 2.1, 10 * MIB, 'mp3 320, mp3 192, mp3 128', 'are its most'],
    ['wav', 4, 10 * MIB, 'mp3 320, mp3 192, mp3 128', 'a song of four minutes on Discord'],
    ['mp3', 4.3, 10 * MIB, 'mp3 320, mp3 192, mp3 128', 'below 4.4 minutes'],
    ['mp3', 4.5, 10 * MIB, 'mp3 192, mp3 128', 'above'],
    ['flac', 7.2, 10 * MIB, 'mp3 192, mp3 128', 'below 7.3 minutes'],
    ['flac', 7.4, 10 * MIB, 'mp3 128', 'above'],
    ['flac', 10.8, 10 * MIB, 'mp3 128', 'below 10.9 minutes'],
    ['flac', 11, 10 * MIB, '', 'above there are only links'],
    ['flac', 9.8, 50 * MB, 'mp3 320, mp3 192, mp3 128', 'Telegram: FLAC ends at 9.5 minutes'],
    ['flac', 9.3, 50 * MB, 'flac, mp3 320, mp3 192, mp3 128', 'below'],
    ['flac', 21, 50 * MB, 'mp3 192, mp3 128', 'above 20.8 minutes'],
    ['flac', 52, 50 * MB, 'mp3 128', 'below 52.1 minutes'],
    ['flac', 53, 50 * MB, '', 'above'],
    ['opus', 18, 10 * MIB, 'opus 96, opus 64', 'as far as variable bit rate can be known before'],
    ['opus', 60, 10 * MIB, '', 'an hour of it'],
    ['wav', 30, 1000 * MB, 'wav, flac, mp3 320, mp3 192, mp3 128', 'Slack takes nearly everything'],
  ];
  for (const [format, minutes, limit, expected, why] of table) {
    test(`${format}, ${String(minutes)} minutes, ${String(limit)} bytes: ${why}`, () => {
      assert.equal(rungs(format, minutes, limit), expected);
    });
  }

  test('begins with what was asked for and only gets smaller', () => {
    for (const format of STEM_FORMATS) {
      const encodings = ladder(format, song(4), null);
      assert.deepEqual(encodings[0], bestEncoding(format));
      assert.equal(encodings[0]?.format, format);
      const sizes = encodings.map((encoding) => leastBytes(encoding, song(4)));
      assert.deepEqual(
        sizes,
        sizes.toSorted((one, other) => other - one),
      );
      assert.equal(new Set(sizes).size, sizes.length);
    }
  });

  test('never offers what a smaller limit refused', () => {
    for (const format of STEM_FORMATS) {
      for (let limit = 1; limit < 200 * MB; limit *= 1.7) {
        const [less, more] = [ladder(format, song(5), limit), ladder(format, song(5), limit * 1.7)];
        assert.deepEqual(more.slice(more.length - less.length), less);
      }
    }
  });

  test('counts channels as each format has them', () => {
    const [mp3, wav] = [bestEncoding('mp3'), bestEncoding('wav')];
    assert.equal(leastBytes(mp3, song(1, { channels: 1 })), leastBytes(mp3, song(1)) / 2);
    assert.equal(leastBytes(mp3, song(1, { channels: 6 })), leastBytes(mp3, song(1)), 'MP3 is mixed down to two');
    assert.equal(leastBytes(wav, song(1, { channels: 6 })), leastBytes(wav, song(1)) * 3);
    assert.equal(leastBytes(mp3, song(1, { rateHz: 22_050 })), leastBytes(mp3, song(1)) / 2, 'MPEG-2 ends at 160');
  });
});
