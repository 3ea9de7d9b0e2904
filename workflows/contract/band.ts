import type { Language } from './job-view.ts';
import type { Quality, StemFormat } from './request.ts';

/** What a band has chosen; null leaves it to the operator's defaults. */
export interface BandSettings {
  readonly strategy: string | null;
  readonly quality: Quality | null;
  readonly format: StemFormat | null;
  readonly language: Language | null;
  /** Members vouch for whoever joined by the band's code alone, not for all who write in its chats. */
  readonly inviteOnly: boolean;
}

export interface BandView {
  readonly id: string;
  readonly name: string;
  readonly settings: BandSettings;
  /** Chats that have joined, this one among them. */
  readonly chats: number;
}
