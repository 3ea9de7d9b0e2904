/** A plan as bars: which chord sounds when, and who plays. */
import { chordOf } from './chord.ts';
import type { Chord } from './chord.ts';
import { createDice } from './dice.ts';
import type { SongPlan } from './song-plan.ts';

export type PartName = 'drums' | 'bass' | 'comping' | 'pad' | 'melody';

/** Beats are quarters from the first downbeat. */
export interface ChordSpan {
  readonly startBeat: number;
  readonly endBeat: number;
  readonly chord: Chord;
}

export interface Bar {
  readonly index: number;
  readonly startBeat: number;
  readonly section: 'verse' | 'chorus' | 'end';
  /** Counts from the section's first bar. */
  readonly barOfSection: number;
  readonly chords: readonly ChordSpan[];
  readonly players: ReadonlySet<PartName>;
  /** The drums lead over into the next section. */
  readonly hasFill: boolean;
}

const SECTIONS = ['verse', 'verse', 'chorus', 'verse', 'chorus', 'chorus'] as const;

export function formOf(plan: SongPlan): Bar[] {
  const dice = createDice(plan.seed, plan.number, 'form');
  const wanted = Math.max(8, Math.round(plan.durationSeconds / ((plan.beatsPerBar * 60) / plan.tempoBpm)));
  const bars: Bar[] = [];
  for (let turn = 0; bars.length < wanted; turn += 1) {
    const section = SECTIONS[turn % SECTIONS.length] ?? 'verse';
    const chords = plan[section].chords.map((roman) => chordOf(roman, plan.key));
    const sectionBars = chords.length * plan.chordBars;
    const dropped =
      plan.hasDropOuts && turn > 0 && dice.chance(0.4)
        ? dice.pick(['drums', 'bass', plan.hasPad ? 'comping' : 'melody'] as const)
        : null;
    for (let bar = 0; bar < sectionBars && bars.length < wanted; bar += 1) {
      const index = bars.length;
      bars.push({
        index,
        startBeat: index * plan.beatsPerBar,
        section,
        barOfSection: bar,
        chords: chordsOfBar(plan, chords, bar, index * plan.beatsPerBar),
        players: playersOf(plan, index, dropped),
        hasFill: plan.hasFills && bar + 1 === sectionBars && sectionBars >= 4,
      });
    }
  }
  return plan.hasHeldEnd ? [...bars, endOf(plan, bars.length)] : bars;
}

function chordsOfBar(plan: SongPlan, chords: readonly Chord[], bar: number, startBeat: number): ChordSpan[] {
  const perBar = plan.chordBars === 0.5 ? 2 : 1;
  const beats = plan.beatsPerBar / perBar;
  return Array.from({ length: perBar }, (_, part) => ({
    startBeat: startBeat + part * beats,
    endBeat: startBeat + (part + 1) * beats,
    chord: chords[Math.floor((bar + part / perBar) / plan.chordBars)] as Chord,
  }));
}

function playersOf(plan: SongPlan, index: number, dropped: PartName | null): Set<PartName> {
  const players = new Set<PartName>(['comping', 'bass']);
  if (plan.style.drums.length > 0) players.add('drums');
  if (plan.hasPad) players.add('pad');
  if (plan.hasMelody && index >= plan.introBars) players.add('melody');
  if (index < plan.introBars) {
    players.delete('bass');
    players.delete('drums');
  } else if (dropped !== null && players.size > 2) players.delete(dropped);
  return players;
}

/** The tonic, held for a bar. */
function endOf(plan: SongPlan, index: number): Bar {
  const startBeat = index * plan.beatsPerBar;
  const chord = chordOf(plan.key.mode === 'major' ? 'I' : 'i', plan.key);
  const players = new Set<PartName>(['comping', 'bass', 'melody']);
  if (plan.style.drums.length > 0) players.add('drums');
  return {
    index,
    startBeat,
    section: 'end',
    barOfSection: 0,
    chords: [{ startBeat, endBeat: startBeat + plan.beatsPerBar, chord }],
    players,
    hasFill: false,
  };
}
