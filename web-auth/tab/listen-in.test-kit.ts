/** What a page plays, out of the audio graph that it plays with. */
import type { Page } from 'playwright-core';

/** Before the page is opened. */
export async function listenIn(page: Page): Promise<void> {
  await page.addInitScript(`
    const connect = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (target, ...more) {
      if (target === this.context.destination && this.context instanceof AudioContext) {
        const ear = new AnalyserNode(this.context, { fftSize: 32768 });
        connect.call(this, ear);
        globalThis.ear = ear;
      }
      return connect.call(this, target, ...more);
    };`);
}

/** The latest of one side; about three quarters of a second. */
export async function recentSound(page: Page): Promise<Float32Array> {
  const samples = await page.evaluate<number[]>(`(() => {
    const samples = new Float32Array(ear.fftSize);
    ear.getFloatTimeDomainData(samples);
    return [...samples];
  })()`);
  return Float32Array.from(samples);
}
