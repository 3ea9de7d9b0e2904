/** The package ships no types. Only what `hdf5-file.ts` uses; what it throws is mostly strings. */
declare module 'jsfive' {
  export class Dataset {
    readonly shape: readonly number[];
    /** Such as `<f4`; an array for types that are no numbers. */
    readonly dtype: unknown;
    /** Row-major. */
    readonly value: readonly number[];
  }
  export class Group {
    get(path: string): Group | Dataset;
  }
  export class File extends Group {
    constructor(bytes: ArrayBuffer);
  }
}
