/** Of the code that writes charts; raised when anything on one changes. */
export const CHORDS_VERSION = 3;
