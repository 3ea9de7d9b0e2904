/** The button and the level of the click. */
import { find, findAs, press } from './elements.ts';
import type { Engine } from './engine.ts';
import { gainOfFader } from './level-taper.ts';
import type { ClickTrack } from './messages.ts';
import type { Player } from './player-data.ts';

export interface ClickControl {
  toggle(): void;
}

export interface ClickControlOptions {
  readonly player: Player;
  readonly engine: Pick<Engine, 'setClick'>;
  readonly say: (sentence: string) => void;
}

const UNKNOWN = 'The beats of this song are not known yet. Type /analyze in the chat: it finds them.';

export function createClickControl({ player, engine, say }: ClickControlOptions): ClickControl {
  const button = find('#click');
  const level = findAs(HTMLInputElement, '#click-level');
  const track = trackOf(player);
  let isOn = false;

  function changed(): void {
    press(button, isOn);
    level.hidden = !isOn;
    const gain = gainOfFader(level.valueAsNumber);
    engine.setClick(isOn ? { ...track, gain } : { beats: [], isFirst: [], gain });
  }

  function toggle(): void {
    if (track.beats.length === 0) {
      say(UNKNOWN);
      return;
    }
    isOn = !isOn;
    changed();
    say(isOn ? 'Click on' : 'Click off');
  }

  button.addEventListener('click', toggle);
  level.addEventListener('input', changed);
  return { toggle };
}

/** On whole samples, as repeats are: one that begins on a beat begins with its click. */
function trackOf({ rateHz, beatsSeconds = [], downbeatsSeconds = [] }: Player): Omit<ClickTrack, 'gain'> {
  const at = (seconds: number): number => Math.max(0, Math.round(seconds * rateHz));
  const firsts = new Set(downbeatsSeconds.map(at));
  const beats = beatsSeconds.map(at);
  return { beats, isFirst: beats.map((beat) => firsts.has(beat)) };
}
