/** Songs whose words and their times are known, since a synthesizer speaks and sings them. */

export interface LyricSong {
  readonly kind: 'spoken' | 'sung';
  /** Of espeak-ng. */
  readonly voice: string;
  readonly wordsPerMinute: number;
  /** Words with a space between them. */
  readonly lines: readonly string[];
  /** Null: spoken as a sentence is. */
  readonly sung: {
    /** Every word begins on one. */
    readonly beatSeconds: number;
    /** Of espeak-ng, 0 to 99, one word after the other, again and again. */
    readonly pitches: readonly number[];
  } | null;
}

const VOICES = ['en-us', 'en-us+f3', 'gmw/en', 'gmw/en+m3'];
const LINES_PER_SONG = 8;
const LINES = [
  'the stars are shining brighter than before',
  'take my hand and follow me down to the shore',
  'every little word you say will stay with me',
  'we were sailing slowly to the open sea',
  'nobody told me that the winter was so long',
  'so I sit beside the fire and sing an old song',
  'the river runs forever to the ocean in the south',
  'and I can hear the music coming from your mouth',
  'I left my heart behind me in a little mountain town',
  'where the snow is always falling and the sun goes early down',
  'give me one more reason to believe in what you said',
  'there are pictures of the summer in the corner of my head',
  'when the morning train is leaving I will be the last to know',
  'tell me where the road is going and how far we have to go',
  'my father had a garden with a wall of yellow stone',
  'and he taught me how to listen when I think I am alone',
  'the city never answers when you call it by its name',
  'all the windows and the doorways and the people look the same',
  'dance with me tonight before the candles burn away',
  'there is nothing in the world that I would rather hear you say',
  'I was waiting at the station with a suitcase in the rain',
  'and I wonder if the letter that I wrote was all in vain',
  'hold the line a little longer let the silence do the rest',
  'you can build a house of paper you can fly toward the west',
  'some are looking for a treasure some are looking for a friend',
  'but the story that I tell you has a very happy end',
  'mother earth is turning slowly under heavy clouds of grey',
  'and the children in the playground have forgotten how to play',
  'put your money on the table put your shadow on the wall',
  'if you never try to climb it then you never have to fall',
  'seven silver horses running through the valley of the moon',
  'every bird will sing about it in the middle of the afternoon',
] as const;

/** As many spoken as sung ones; the same seed gives the same songs. */
export function lyricSongs(count: number, seed: number): LyricSong[] {
  const random = createRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  return Array.from({ length: count }, (_, number): LyricSong => {
    const left = [...LINES];
    const lines = Array.from({ length: LINES_PER_SONG }, () => left.splice(Math.floor(random() * left.length), 1)[0]!);
    const voice = VOICES[(number >> 1) % VOICES.length]!;
    if (number % 2 === 0) {
      return { kind: 'spoken', voice, wordsPerMinute: 120 + Math.floor(random() * 50), lines, sung: null };
    }
    const pitches = Array.from({ length: 7 }, () => pick([30, 38, 42, 50, 54, 62]));
    const beatSeconds = 0.3 + 0.25 * random();
    return { kind: 'sung', voice, wordsPerMinute: 100, lines, sung: { beatSeconds, pitches } };
  });
}

/** Park and Miller's minimal standard. */
function createRandom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
