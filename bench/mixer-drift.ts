/** Five minutes of the mixer in a real browser, as they happen: how far stems come apart, and how often the sound breaks off. */
import type { Page } from 'playwright-core';
import { seededRandom } from '../tools/emulators/core/seeded-random.ts';
import { openBrowser } from '../web-auth/browser.test-kit.ts';
import { openMixerBench } from '../web-auth/mixer/mixer.test-kit.ts';
import type { TestStem } from '../web-auth/mixer/mixer.test-kit.ts';
import { ownFigure } from './figure.ts';
import type { Figure } from './figure.ts';

const RATE_HZ = 44_100;
const SEED = 300;
/** As far as two stems are looked for apart. */
const SEARCHED_SAMPLES = 441;
const LOOKED_AT_SAMPLES = 4096;
const PACKING_LIMIT_MS = 300_000;
const LONGEST_GAP_SAMPLES = 30 * RATE_HZ;

/** `mixer.drift`: the farthest that a stem was from the first one, in ms. `mixer.gaps`: how often time stood still. */
export async function mixerDriftFigures(seconds: number, tell: (line: string) => void): Promise<Figure[]> {
  const cleanups: (() => unknown)[] = [];
  const scope = { after: (cleanup: () => unknown) => void cleanups.push(cleanup) };
  const bench = await openMixerBench();
  cleanups.push(bench.close);
  try {
    tell(`Packing stems of ${String(seconds)} s …`);
    const stems = noiseStems(seconds);
    const { recordingId } = await bench.addSong({ stems });
    const packing: Promise<void>[] = [];
    // As a workflow does: the page stands meanwhile, and hears of it.
    const startRendering = async (id: string): Promise<void> => void packing.push(bench.make(id));
    const { origin, signIn } = await bench.serve(scope, { startRendering });
    const [name = '', value = ''] = (await signIn(bench.memberId)).split('=');
    const browser = await openBrowser();
    cleanups.push(async () => await browser.close());
    const context = await browser.newContext({ bypassCSP: true });
    await context.addCookies([{ name, value, url: origin }]);
    const page = await context.newPage();
    await page.addInitScript({ content: TAP });
    await page.goto(`${origin}/r/${recordingId}`);
    await page.waitForSelector('[data-state=ready]', { timeout: PACKING_LIMIT_MS });
    await Promise.all(packing);
    tell(`Playing them, which takes ${String(seconds)} s …`);
    await page.keyboard.press('Space');
    const heard = await listen(page, seconds - 2, tell);
    const { worstSamples, gaps } = compare(heard, stems);
    return [ownFigure('mixer.drift', 'ms', (worstSamples / RATE_HZ) * 1000), ownFigure('mixer.gaps', 'events', gaps)];
  } finally {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  }
}

/** Noise in which nothing is like anything else, so that every stem's place in the sum can be told. */
function noiseStems(seconds: number): TestStem[] {
  const random = seededRandom(SEED);
  return ['vocals', 'drums', 'bass', 'residual'].map((name) => ({
    name,
    samples: Float32Array.from({ length: seconds * RATE_HZ * 2 }, () => Math.round((random() - 0.5) * 14_000) / 32_768),
  }));
}

/** What leaves for the loudspeakers also goes into an array. */
const TAP = `
  globalThis.tapped = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) void tap(this);
    return connect.call(this, to, ...more);
  };
  async function tap(node) {
    const code = \`registerProcessor('tap', class extends AudioWorkletProcessor {
      process([input]) { if (input[0]) this.port.postMessage(input[0].slice()); return true; }
    })\`;
    await node.context.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
    const listener = new AudioWorkletNode(node.context, 'tap', { numberOfOutputs: 0 });
    listener.port.onmessage = ({ data }) => tapped.push(data);
    connect.call(node, listener);
  }`;

const TAKE = `(() => {
  const blocks = tapped.splice(0);
  const bytes = new Uint8Array(blocks.length * 512);
  blocks.forEach((block, index) => bytes.set(new Uint8Array(block.buffer), index * 512));
  let text = '';
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return btoa(text);
})()`;

async function listen(page: Page, seconds: number, tell: (line: string) => void): Promise<Float32Array> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let told = 0;
  while (bytes < seconds * RATE_HZ * 4) {
    await page.waitForTimeout(2000);
    const piece = Buffer.from(await page.evaluate<string>(TAKE), 'base64');
    pieces.push(piece);
    bytes += piece.length;
    const minutes = Math.floor(bytes / 4 / RATE_HZ / 60);
    if (minutes > told) tell(`${String(minutes)} min`);
    told = minutes;
  }
  return new Float32Array(new Uint8Array(Buffer.concat(pieces)).buffer);
}

/** Once a second each stem is looked for in the sum, near where the first one is; after a gap the first one is looked for farther away. */
function compare(
  heard: Float32Array,
  stems: readonly TestStem[],
): { readonly worstSamples: number; readonly gaps: number } {
  const lefts = stems.map(({ samples }) => samples.filter((_, at) => at % 2 === 0));
  const [reference = new Float32Array()] = lefts;
  const onset = heard.findIndex((value) => value !== 0);
  let shift = -onset;
  let [worstSamples, gaps] = [0, 0];
  for (let at = onset + RATE_HZ; at + LOOKED_AT_SAMPLES < heard.length; at += RATE_HZ) {
    // While it waits for segments there is nothing to compare.
    if (heard.subarray(at, at + LOOKED_AT_SAMPLES).includes(0)) continue;
    const usual = { from: shift, to: shift };
    const first =
      placeOf(heard, at, reference, usual) ??
      placeOf(heard, at, reference, { from: shift - LONGEST_GAP_SAMPLES, to: shift });
    if (first === null) throw new Error(`what is heard ${String(at / RATE_HZ)} s after the start is not the song`);
    if (first !== shift) gaps += 1;
    shift = first;
    for (const left of lefts) {
      const near = { from: shift - SEARCHED_SAMPLES, to: shift + SEARCHED_SAMPLES };
      const place = placeOf(heard, at, left, near);
      if (place === null) throw new Error(`a stem is nowhere near, ${String(at / RATE_HZ)} s after the start`);
      worstSamples = Math.max(worstSamples, Math.abs(place - shift));
    }
  }
  return { worstSamples, gaps };
}

/** By how much a stem's own time is ahead of what was recorded, `from` and `to` included; null where it is not there. */
function placeOf(
  heard: Float32Array,
  at: number,
  left: Float32Array,
  { from, to }: { readonly from: number; readonly to: number },
): number | null {
  for (let shift = to; shift >= from; shift--) {
    let [sum, energy] = [0, 0];
    for (let step = 0; step < LOOKED_AT_SAMPLES; step++) {
      const sample = left[at + step + shift] ?? 0;
      sum += (heard[at + step] as number) * sample;
      energy += sample * sample;
      // Nothing like it in so many samples: it is not here.
      if (step === 256 && Math.abs(sum) < energy / 10) break;
    }
    if (sum > energy / 2) return shift;
  }
  return null;
}
