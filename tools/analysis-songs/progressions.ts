/** What bands play, in roman numerals: a chord each, four or eight to a phrase. */

export interface Progression {
  readonly mode: 'major' | 'minor';
  /** `plain` fits anything, `jazz` has sevenths throughout, `folk` is triads on the main degrees. */
  readonly taste: 'plain' | 'folk' | 'jazz' | 'colour';
  readonly chords: readonly string[];
  /** Whether a song may begin with it: it states the key. */
  readonly opens: boolean;
}

function phrase(
  mode: Progression['mode'],
  taste: Progression['taste'],
  text: string,
  { opens = true }: { opens?: boolean } = {},
): Progression {
  return { mode, taste, chords: text.split(' '), opens };
}

export const PROGRESSIONS: readonly Progression[] = [
  phrase('major', 'plain', 'I V vi IV'),
  phrase('major', 'plain', 'I vi IV V'),
  phrase('major', 'plain', 'I iii IV V'),
  phrase('major', 'plain', 'I IV ii V'),
  phrase('major', 'plain', 'I IV vi V'),
  phrase('major', 'plain', 'I ii IV V'),
  phrase('major', 'plain', 'IV V iii vi ii V I I', { opens: false }),
  phrase('major', 'plain', 'vi IV I V', { opens: false }),
  phrase('major', 'plain', 'IV I V vi', { opens: false }),
  phrase('major', 'plain', 'ii V I vi', { opens: false }),
  phrase('major', 'plain', 'I V vi iii IV I IV V'),
  phrase('major', 'folk', 'I I IV I V IV I V'),
  phrase('major', 'folk', 'I IV I V'),
  phrase('major', 'folk', 'I I V V I IV V I'),
  phrase('major', 'folk', 'I IV V I'),
  phrase('major', 'folk', 'I V I IV I V I I'),
  phrase('major', 'colour', 'I bVII IV I'),
  phrase('major', 'colour', 'I IV iv I'),
  phrase('major', 'colour', 'I V/3 vi I/5 IV I/3 ii V'),
  phrase('major', 'colour', 'I Imaj7 I7 IV iv I V7 I'),
  phrase('major', 'colour', 'I III7 vi IV'),
  phrase('major', 'colour', 'I II7 IV V'),
  phrase('major', 'colour', 'IV V/3 I IV iv I Vsus4 V', { opens: false }),
  phrase('major', 'colour', 'I7 IV7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7'),
  phrase('major', 'jazz', 'Imaj7 vi7 ii7 V7'),
  phrase('major', 'jazz', 'ii7 V7 Imaj7 Imaj7', { opens: false }),
  phrase('major', 'jazz', 'Imaj7 IVmaj7 iii7 vi7 ii7 V7 Imaj7 V7'),
  phrase('major', 'jazz', 'I6 VI7 ii7 V7 iii7 VI7 ii7 V7'),
  phrase('major', 'jazz', 'Imaj7 II7 ii7 V7'),
  phrase('minor', 'plain', 'i bVI bIII bVII'),
  phrase('minor', 'plain', 'i bVII bVI bVII'),
  phrase('minor', 'plain', 'i bVI iv V'),
  phrase('minor', 'plain', 'i iv bVII bIII iv i V i'),
  phrase('minor', 'plain', 'i iv i V'),
  phrase('minor', 'plain', 'i v bVI iv'),
  phrase('minor', 'plain', 'bVI bVII i i', { opens: false }),
  phrase('minor', 'plain', 'iv i V i', { opens: false }),
  phrase('minor', 'plain', 'bVI bIII bVII i', { opens: false }),
  phrase('minor', 'folk', 'i i iv i V V i i'),
  phrase('minor', 'folk', 'i bVII i v i bVII bVI V'),
  phrase('minor', 'folk', 'i iv V i'),
  phrase('minor', 'colour', 'i bVII bVI V'),
  phrase('minor', 'colour', 'i V/3 bVII IV/3 bVI i/5 iv V'),
  phrase('minor', 'colour', 'i IV bVI V'),
  phrase('minor', 'colour', 'i bII V i'),
  phrase('minor', 'colour', 'i i7/b7 bVI V7'),
  phrase('minor', 'jazz', 'i7 iv7 iiø7 V7'),
  phrase('minor', 'jazz', 'iiø7 V7 i7 i7', { opens: false }),
  phrase('minor', 'jazz', 'i7 bVImaj7 iiø7 V7'),
  phrase('minor', 'jazz', 'iv7 bVII7 bIIImaj7 bVImaj7 iiø7 V7 i7 i7', { opens: false }),
];
