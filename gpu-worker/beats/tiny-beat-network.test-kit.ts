/** A network of Beat This' form that is small enough to be made in a test, and a song whose beats it hears. */
import { createOnnxGraph } from '../models/onnx/onnx-graph.ts';
import { BEAT_RATE_HZ, MEL_BANDS } from './beat-grid.ts';

const RISE = [-1, -1, -1, -1, 2, 2, 0, 0, 0].map((weight) => weight / 256);
const BRIGHT_BAND = 90;
const BRIGHT_WORTH = 4;
const MEAN_WORTH = 0.25;

/**
 * The published graph's inputs and outputs. Where the spectrum rises there are beats, where its upper end rises downbeats; as the mean of the whole
 * chunk counts too, it matters which chunk a logit is from.
 * @param downbeatBias added to every logit of a downbeat
 */
export function tinyBeatGraph(downbeatBias = -1.5): Uint8Array {
  const graph = createOnnxGraph('tiny-beats');
  const weights = new Float32Array(2 * MEL_BANDS * RISE.length);
  for (let band = 0; band < MEL_BANDS; band++) {
    const bright = band >= BRIGHT_BAND ? BRIGHT_WORTH : 0;
    for (const [at, rise] of RISE.entries()) {
      weights[band * RISE.length + at] = rise;
      weights[(MEL_BANDS + band) * RISE.length + at] = bright * rise;
    }
  }
  const spectrogram = graph.input('spectrogram', ['batch', 'time', MEL_BANDS]);
  const bands = graph.node('Transpose', [spectrogram], 1, { perm: [0, 2, 1] });
  const kernel = graph.constant('kernel', [2, MEL_BANDS, RISE.length], weights);
  const bias = graph.constant('bias', [2], Float32Array.of(-1, downbeatBias));
  const rises = graph.node('Conv', [bands, kernel, bias], 1, { pads: [4, 4] });
  const mean = graph.node('ReduceMean', [rises], 1, { axes: [2], keepdims: 1 });
  const worth = graph.constant('worth', [1], Float32Array.of(MEAN_WORTH));
  const logits = graph.node('Add', [rises, graph.node('Mul', [mean, worth], 1)], 1);
  for (const [index, name] of ['beat', 'downbeat'].entries()) {
    const which = graph.constant(`which ${name}`, [], BigInt64Array.of(BigInt(index)));
    graph.node('Gather', [logits, which], [name], { axis: 1 });
    graph.output(name, ['batch', 'time']);
  }
  return graph.toBytes();
}

const BEAT_SAMPLES = BEAT_RATE_HZ / 2;

/** At 22,050 Hz: a click every half second, each fourth one brighter, over a rising tone and a little noise. */
export function madeUpSong(samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, n) => {
    const since = n % BEAT_SAMPLES;
    const clickHz = Math.floor(n / BEAT_SAMPLES) % 4 === 0 ? 5000 : 800;
    const click = Math.exp(-since / 200) * Math.sin((2 * Math.PI * since * clickHz) / BEAT_RATE_HZ);
    const tone = 0.05 * Math.sin((2 * Math.PI * (100 + n / 5000) * n) / BEAT_RATE_HZ);
    const noise = (((n * 7919) % 1009) / 1009 - 0.5) * 0.01;
    return 0.5 * click + tone + noise;
  });
}
