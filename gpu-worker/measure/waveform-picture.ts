/** What a waveform picture shows beside the waveform. */

export const PICTURE_WIDTH = 1200;
export const PICTURE_HEIGHT = 160;

export interface WaveformPicture {
  /** Drawn as the label; letters, digits and `-_.` are. */
  readonly name: string;
  readonly durationSeconds: number;
  /** The sample value that reaches the edge; the same for all stems of a song, so that they can be compared by eye. */
  readonly fullScale: number;
}

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

const STEM_COLOURS: ReadonlyMap<string, Colour> = new Map([
  ['vocals', [255, 107, 129]],
  ['accompaniment', [84, 160, 255]],
  ['instrumental', [84, 160, 255]],
  ['drums', [255, 177, 66]],
  ['bass', [46, 213, 155]],
  ['guitar', [255, 134, 72]],
  ['piano', [112, 161, 255]],
  ['other', [165, 132, 255]],
  ['residual', [139, 148, 164]],
]);
const FURTHER_COLOURS: readonly Colour[] = [
  [56, 204, 214],
  [236, 112, 214],
  [170, 214, 72],
  [240, 206, 88],
];

/** The same name has the same colour in every song. */
export function stemColour(name: string): Colour {
  const known = STEM_COLOURS.get(name);
  if (known !== undefined) return known;
  const hash = Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521, 7);
  return FURTHER_COLOURS[hash % FURTHER_COLOURS.length] as Colour;
}
