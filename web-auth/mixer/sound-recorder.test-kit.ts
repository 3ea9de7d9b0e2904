/** Records what the page's engine plays, sample by sample, out of an audio graph that runs as fast as it can. */
import type { Page } from 'playwright-core';

export interface Recorded {
  readonly left: Float32Array;
  readonly right: Float32Array;
  /** What the engine said it was at, when each action was asked for, in samples. */
  readonly heard: readonly number[];
}

export type Act =
  | { readonly kind: 'seek'; readonly position: number }
  | { readonly kind: 'loop'; readonly loop: { readonly from: number; readonly to: number } | null }
  | { readonly kind: 'gains'; readonly gains: readonly number[] }
  | { readonly kind: 'stretch'; readonly rate: number; readonly semitones: number }
  | { readonly kind: 'pause' | 'play' };

export interface Recording {
  readonly seconds: number;
  readonly stretch?: { readonly rate: number; readonly semitones: number };
  readonly gains?: readonly number[];
  readonly click?: { readonly beats: readonly number[]; readonly isFirst: readonly boolean[]; readonly gain: number };
  readonly acts?: readonly { readonly atSeconds: number; readonly act: Act }[];
}

/** On a mixer's page. Everything is loaded before the graph begins to run. */
export async function record(page: Page, recording: Recording): Promise<Recorded> {
  const { left, right, heard } = await page.evaluate(recordInPage, recording);
  return { left: floats(left), right: floats(right), heard };
}

function floats(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
}

/** Runs in the browser: it sees nothing of this file. */
async function recordInPage(recording: Recording): Promise<{ left: string; right: string; heard: number[] }> {
  interface PageEngine {
    prepare(): void;
    play(): Promise<void>;
    pause(): void;
    seek(position: number): void;
    setLoop(loop: unknown): void;
    setGains(gains: unknown): void;
    setClick(click: unknown): void;
    setStretch(stretch: unknown): Promise<void>;
    heard(): number;
  }
  interface PageBuffer {
    getChannelData(channel: number): Float32Array;
  }
  interface PageContext {
    suspend(seconds: number): Promise<void>;
    resume(): Promise<void>;
    startRendering(): Promise<PageBuffer>;
  }
  const window = globalThis as unknown as {
    readonly document: {
      querySelector(selector: string): { readonly src: string; readonly dataset: Record<string, string> };
    };
    readonly OfflineAudioContext: new (channels: number, length: number, rate: number) => PageContext;
    readonly btoa: (text: string) => string;
  };
  const script = window.document.querySelector('script[src*="mixer/main"]').src;
  const { base, query } = window.document.querySelector('#mixer').dataset;
  const player = (await (await fetch(`${base ?? ''}/player.json${query ?? ''}`)).json()) as {
    readonly rateHz: number;
    readonly stems: readonly { readonly offsets: readonly number[] }[];
  };
  const { createEngine } = (await import(script.replace('main.ts', 'engine.ts'))) as {
    createEngine: (options: unknown) => PageEngine;
  };
  const context = new window.OfflineAudioContext(2, Math.round(recording.seconds * player.rateHz), player.rateHz);
  let segments = 0;
  const wanted = player.stems.reduce((sum, { offsets }) => sum + offsets.length - 1, 0);
  const engine = createEngine({
    player,
    onState: () => undefined,
    onTrouble: (trouble: string | null) => {
      if (trouble !== null) throw new Error(trouble);
    },
    onSegment: () => {
      segments += 1;
    },
    openContext: () => context,
  });
  const tick = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 20));
  engine.prepare();
  while (segments < wanted) await tick();
  if (recording.gains !== undefined) engine.setGains(recording.gains);
  if (recording.click !== undefined) engine.setClick(recording.click);
  if (recording.stretch !== undefined) await engine.setStretch(recording.stretch);
  await engine.play();
  const heard: number[] = [];
  const acting = (recording.acts ?? []).map(async ({ atSeconds, act }) => {
    await context.suspend(atSeconds);
    await tick();
    heard.push(engine.heard());
    if (act.kind === 'seek') engine.seek(act.position);
    else if (act.kind === 'loop') engine.setLoop(act.loop);
    else if (act.kind === 'gains') engine.setGains(act.gains);
    else if (act.kind === 'stretch') await engine.setStretch(act);
    else if (act.kind === 'pause') engine.pause();
    else await engine.play();
    await context.resume();
  });
  await tick();
  const sound = await context.startRendering();
  await Promise.all(acting);
  const text = (samples: Float32Array): string => {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    let characters = '';
    for (let at = 0; at < bytes.length; at += 32_768)
      characters += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return window.btoa(characters);
  };
  return { left: text(sound.getChannelData(0)), right: text(sound.getChannelData(1)), heard };
}

/** Of a steady tone, by how its phase goes on, in Hz. */
export function frequencyOf(sound: Float32Array, aroundHz: number, rateHz: number): number {
  const step = 4096;
  const phases: number[] = [];
  for (let at = 0; at + step <= sound.length; at += step) {
    let [re, im] = [0, 0];
    for (let n = 0; n < step; n++) {
      const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / step);
      const angle = (2 * Math.PI * aroundHz * (at + n)) / rateHz;
      re += (sound[at + n] as number) * window * Math.cos(angle);
      im -= (sound[at + n] as number) * window * Math.sin(angle);
    }
    phases.push(Math.atan2(im, re));
  }
  const turns = phases.slice(1).map((phase, index) => {
    const turn = phase - (phases[index] as number);
    return turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
  });
  const mean = turns.reduce((sum, turn) => sum + turn, 0) / turns.length;
  return aroundHz + (mean / (2 * Math.PI)) * (rateHz / step);
}
