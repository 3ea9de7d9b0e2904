/** The audio thread's own names, which the DOM's types leave out (Web Audio API, section 1.32). */
declare abstract class AudioWorkletProcessor {
  constructor(options?: unknown);
  readonly port: MessagePort;
}
declare const currentTime: number;
declare const currentFrame: number;
declare const sampleRate: number;
declare var registerProcessor: (name: string, processor: new (options: never) => AudioWorkletProcessor) => void;
