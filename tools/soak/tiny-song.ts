import { seededRandom } from '../emulators/core/seeded-random.ts';

const RATE_HZ = 44_100;
const CHANNELS = 2;
const BYTES_PER_SAMPLE = 2;
const HEADER_BYTES = 44;

/** One second of two detuned tones in noise, 16-bit stereo WAV; another seed is another song to the last byte. */
export function tinySong(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const dataBytes = RATE_HZ * CHANNELS * BYTES_PER_SAMPLE;
  const wav = Buffer.alloc(HEADER_BYTES + dataBytes);
  writeHeader(wav, dataBytes);
  const [leftHz, rightHz] = [200 + 400 * random(), 200 + 400 * random()];
  for (let n = 0; n < RATE_HZ; n++) {
    const left = 0.4 * Math.sin((2 * Math.PI * leftHz * n) / RATE_HZ) + 0.05 * (random() - 0.5);
    const right = 0.4 * Math.sin((2 * Math.PI * rightHz * n) / RATE_HZ) + 0.05 * (random() - 0.5);
    wav.writeInt16LE(Math.round(left * 32_767), HEADER_BYTES + n * 4);
    wav.writeInt16LE(Math.round(right * 32_767), HEADER_BYTES + n * 4 + 2);
  }
  return wav;
}

function writeHeader(wav: Buffer, dataBytes: number): void {
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(CHANNELS, 22);
  wav.writeUInt32LE(RATE_HZ, 24);
  wav.writeUInt32LE(RATE_HZ * CHANNELS * BYTES_PER_SAMPLE, 28);
  wav.writeUInt16LE(CHANNELS * BYTES_PER_SAMPLE, 32);
  wav.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(dataBytes, 40);
}
