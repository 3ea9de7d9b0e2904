/** Which tags are genres and moods, and which of them say the same. */
import type { StyleTag } from './style-tags.ts';

export interface StyleGroup {
  readonly label: string;
  /** Of the group, its branches' included. */
  readonly tags: readonly StyleTag[];
  /** What is told in the group's stead where most of it is of one branch. */
  readonly branches?: Readonly<Record<string, readonly StyleTag[]>>;
  /** How likely its likeliest tag has to be; see there. */
  readonly atLeast?: number;
}

const METAL: readonly StyleTag[] = ['metal', 'heavy metal'];
const PUNK: readonly StyleTag[] = ['punk'];

/** Of noise and speech the network says `electronic`, with 0.2 to 0.3: it is where sound goes that is like nothing else. */
const LEAST_ELECTRONIC = 0.45;

export const GENRE_GROUPS: readonly StyleGroup[] = [
  {
    label: 'rock',
    tags: [
      ...(['rock', 'alternative', 'indie', 'alternative rock', 'classic rock', 'indie rock', 'hard rock'] as const),
      'Progressive rock',
      ...METAL,
      ...PUNK,
    ],
    branches: { metal: METAL, punk: PUNK },
  },
  {
    label: 'electronic',
    tags: ['electronic', 'dance', 'electronica', 'electro', 'House'],
    atLeast: LEAST_ELECTRONIC,
  },
  { label: 'pop', tags: ['pop', 'indie pop'] },
  { label: 'soul', tags: ['soul', 'rnb'] },
  { label: 'hip-hop', tags: ['Hip-Hop'] },
  ...(['jazz', 'folk', 'blues', 'ambient', 'experimental', 'country', 'easy listening', 'funk'] as const).map(
    (tag) => ({ label: tag, tags: [tag] }),
  ),
];

export const MOOD_GROUPS: readonly StyleGroup[] = [
  { label: 'mellow', tags: ['Mellow', 'chill', 'chillout'] },
  ...(['happy', 'sad', 'party', 'beautiful'] as const).map((tag) => ({ label: tag, tags: [tag] })),
];
