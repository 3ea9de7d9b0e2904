/** How a result comes to a chat: as files where these fit, in smaller encodings where not, as links where nothing fits. */
import type { StemFormat } from './request.ts';
import type { DeliveredFile, FinishedStem } from './stems.ts';

export interface Encoding {
  readonly format: StemFormat;
  /** Bit rate of the lossy formats in kbit/s for a stereo file; null for lossless ones. */
  readonly kbps: number | null;
}

/** What a musician opens with it: a player, a picture viewer, a program for scores and texts; `data` is for other programs alone. */
export type FileKind = 'sound' | 'picture' | 'document' | 'data';

export interface ResultFile extends DeliveredFile {
  readonly kind: FileKind;
  /** Of a sound, where it is known; null for anything else. */
  readonly durationSeconds: number | null;
}

/** A file that did not fit, behind a signed link that ends. */
export interface ResultLink {
  readonly fileName: string;
  readonly url: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** Twenty to thirty seconds of the loudest part, as a voice message takes it: mono Opus in Ogg. */
export interface Preview {
  readonly file: DeliveredFile;
  readonly durationSeconds: number;
  /** Up to 256 peaks, 0 to 255, base64: what Discord draws. */
  readonly waveformBase64: string;
}

/** A file that stands in a chat already and can be shown there once more without its bytes. */
export interface SentFile {
  /** Of the {@link ResultFile}. */
  readonly name: string;
  /** Means something only to the platform. */
  readonly reference: string;
}

/** What an album of stems is made of. */
export type AlbumContent =
  /** What stands in its place already. */
  | { readonly kind: 'standing' }
  | { readonly kind: 'files'; readonly files: readonly ResultFile[] }
  /** There is nothing to make it of, and that is said instead. */
  | { readonly kind: 'nothing' };

export type AlbumReport =
  /** It is there, or may be there, or nobody can have it: nothing is left to do. */
  | { readonly state: 'settled' }
  /** These are needed as files for a music player, together of at most so many bytes; null where any size will do. */
  | {
      readonly state: 'files-needed';
      readonly stems: readonly FinishedStem[];
      readonly limitBytes: number | null;
    };

/** What is to be shown in one place when a job is done. */
export interface ResultParcel {
  /** How the sounds are encoded here; null where there are only links. */
  readonly encoding: Encoding | null;
  readonly files: readonly ResultFile[];
  readonly links: readonly ResultLink[];
  /** Names of files that fit in no encoding and have no link either, as no web address is configured. */
  readonly left: readonly string[];
}

export const NO_PARCEL: ResultParcel = { encoding: null, files: [], links: [], left: [] };

export type DeliveryReport =
  | { readonly state: 'delivered' }
  /** The place is gone, or closed to us for good. */
  | { readonly state: 'gone' }
  /** The platform took none of it: no file may be larger than this. */
  | { readonly state: 'too-large'; readonly limitBytes: number }
  /**
   * Files that can only be posted may or may not be there, and are never sent again: the next parcel has links in their place. Nothing is
   * learned about the place.
   */
  | { readonly state: 'unknown' };
