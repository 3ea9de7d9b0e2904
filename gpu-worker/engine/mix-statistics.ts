/** The one pass over the whole mix that precedes its windows. */
import type { FrameReader } from '../wav/read-wav.ts';
import type { WavHeader } from '../wav/wav-header.ts';
import type { MixStatistics } from '../models/separator.ts';

const BLOCK_SAMPLES = 1 << 17;

interface PairSums {
  peak: number;
  sum: number;
  sumOfSquares: number;
}

/**
 * Statistics of every stereo pair of the file, in order. Sums are doubles in file order, so the same file gives the same bits.
 * The deviation is the population's.
 *
 * @param onBlock called before each block of samples; what it throws ends the pass.
 * @throws RangeError when a sample is not finite.
 */
export async function measureMix(
  reader: FrameReader,
  header: WavHeader,
  onBlock: () => void,
): Promise<readonly MixStatistics[]> {
  const channels = Array.from({ length: header.channels }, () => new Float32Array(BLOCK_SAMPLES));
  const pairs = Array.from({ length: header.channels / 2 }, (): PairSums => ({ peak: 0, sum: 0, sumOfSquares: 0 }));
  for (let start = 0; start < header.samples; start += BLOCK_SAMPLES) {
    const count = Math.min(BLOCK_SAMPLES, header.samples - start);
    onBlock();
    await reader.read(start, count, channels);
    pairs.forEach((sums, pair) =>
      addBlock(sums, channels[2 * pair] as Float32Array, channels[2 * pair + 1] as Float32Array, count),
    );
  }
  return pairs.map(({ peak, sum, sumOfSquares }) => {
    if (!Number.isFinite(sumOfSquares)) throw new RangeError('the mix has samples that are not finite');
    const samples = Math.max(1, header.samples);
    const meanMono = sum / samples;
    const variance = Math.max(0, sumOfSquares / samples - meanMono * meanMono);
    return { peak, meanMono, standardDeviationMono: Math.sqrt(variance) };
  });
}

function addBlock(sums: PairSums, left: Float32Array, right: Float32Array, count: number): void {
  let { peak, sum, sumOfSquares } = sums;
  for (let index = 0; index < count; index++) {
    const l = left[index] as number;
    const r = right[index] as number;
    const mono = (l + r) / 2;
    sum += mono;
    sumOfSquares += mono * mono;
    if (Math.abs(l) > peak) peak = Math.abs(l);
    if (Math.abs(r) > peak) peak = Math.abs(r);
    // An infinite pair of opposite signs has no mono mix: not a number, which stays in the sums.
  }
  sums.peak = peak;
  sums.sum = sum;
  sums.sumOfSquares = sumOfSquares;
}
