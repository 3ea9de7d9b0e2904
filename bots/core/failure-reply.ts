import type { FailureReport } from '../../workflows/contract/failure.ts';

/** One plain sentence for the musician: what is wrong and what to do. No default: a new code does not compile without words. */
export function failureReply({ code, facts }: FailureReport): string {
  const fact = (name: string, fallback: string): string => String(facts[name] ?? fallback);
  switch (code) {
    case 'file-missing':
      return 'I cannot find that file; check its name, or send it again.';
    case 'empty-file':
      return 'That file is empty; please send it again.';
    case 'not-audio':
      return 'That is not an audio file; send an MP3, WAV, FLAC, OGG, M4A or the like.';
    case 'no-audio-stream':
      return 'There is no sound in that file; send one that has an audio track.';
    case 'unreadable-audio':
      return 'I cannot read that audio, it seems to be damaged; export it again and send the new file.';
    case 'protected-audio':
      return 'That file is copy-protected, so I cannot open it; send an unprotected copy.';
    case 'too-large':
      return `That file is too large (the limit is ${fact('limitMegabytes', '?')} MB); send a smaller or compressed one.`;
    case 'too-long':
      return `That song is too long (the limit is ${fact('limitMinutes', '?')} minutes); send a shorter part.`;
    case 'too-short':
      return 'That recording is too short to work on; send at least a second of music.';
    case 'too-many-channels':
      return `That file has too many channels (the limit is ${fact('limitChannels', '?')}); send a stereo mix.`;
    case 'unsupported-rate':
      return `I cannot work with that sample rate (${fact('foundHz', '?')} Hz); export it at 44.1 or 48 kHz.`;
    case 'link-invalid':
      return 'That is not a link I can open; send a direct http or https link to an audio file, or the file itself.';
    case 'link-blocked':
      return 'I cannot open that link; send a public link to an audio file, or the file itself.';
    case 'link-unreachable':
      return 'That link does not answer; check it, or send the file itself.';
    case 'link-refused':
      return `That link is not available (the site answered ${fact('status', 'no')}); check it, or send the file itself.`;
    case 'link-not-audio':
      return 'That link does not lead to an audio file; send a direct link to one, or the file itself.';
    case 'site-off':
      return `Links to ${fact('site', 'that site')} are not switched on here; send the audio file itself, or a direct link to one.`;
    case 'site-unavailable':
      return `${fact('site', 'That site')} did not give me that song (private, removed or blocked); send the audio file itself.`;
    case 'site-live':
      return 'That is a live stream; send a recording instead.';
    case 'unknown-strategy':
      return `I do not know that way to split; choose one of: ${fact('known', '?')}.`;
    case 'option-invalid':
      return `I do not understand the option ${fact('option', '?')}; choose one of: ${fact('known', '?')}.`;
    case 'model-missing':
      return `The model ${fact('model', '?')} is not installed and could not be fetched; ask whoever runs Woodshed to run "npm run doctor".`;
    case 'model-not-licensed':
      return `The model ${fact('model', '?')} may not be used commercially and is switched off here; choose another strategy.`;
    case 'model-invalid':
      return `The model ${fact('model', '?')} is not what it should be and was not opened; ask whoever runs Woodshed to run "npm run doctor".`;
    case 'out-of-memory':
      return 'This machine does not have enough memory for that model; try quality fast or another strategy.';
    case 'no-space':
      return 'There is no disk space left here; ask whoever runs Woodshed to make room, then try again.';
    case 'delivery-folder':
      return 'I cannot write into that folder; choose another one with --out.';
    case 'cancelled':
      return 'Cancelled.';
    case 'internal':
      return 'Something went wrong on my side; please try again.';
  }
}
