"""
What music21 reads in the MusicXML files of a folder, its one argument, in the order of their names.

Prints, for each: `bars` with their time signature, `notes` with bar (from 0), offset and duration in twelfths of a quarter, pitch (MIDI), tie,
string and fret, and `chords` with bar, offset, root, bass and pitch classes.
"""

import json
import sys
from pathlib import Path

from music21 import articulations, chord, converter, harmony, stream


def ticks(quarters):
    return round(float(quarters) * 12, 6)


def numbers(element, kind):
    return [mark.number for mark in element.articulations if isinstance(mark, kind)]


def notes_of(bar, element, offset):
    notes = list(element.notes) if isinstance(element, chord.Chord) else [element]
    # Of notes that sound together music21 keeps strings and frets in a row of their own, in the order of the notes.
    strings = numbers(element, articulations.StringIndication)
    frets = numbers(element, articulations.FretIndication)
    return [
        {
            "bar": bar,
            "startTick": ticks(offset),
            "ticks": ticks(element.duration.quarterLength),
            "pitchMidi": note.pitch.midi,
            "tie": None if note.tie is None else note.tie.type,
            "string": strings[index] if index < len(strings) else None,
            "fret": frets[index] if index < len(frets) else None,
        }
        for index, note in enumerate(notes)
    ]


def chord_of(bar, symbol, offset):
    name = lambda pitch: pitch.name.replace("-", "b")
    return {
        "bar": bar,
        "startTick": ticks(offset),
        "root": name(symbol.root()),
        "bass": name(symbol.bass()),
        "pitchClasses": sorted({pitch.pitchClass for pitch in symbol.pitches}),
    }


def sheet(path):
    bars, notes, chords, time = [], [], [], None
    (part,) = converter.parse(path, forceSource=True).parts
    for number, measure in enumerate(part.getElementsByClass(stream.Measure)):
        time = measure.timeSignature or time
        bars.append({"beatsPerBar": time.numerator, "beatUnit": time.denominator})
        for element in measure.recurse().notes:
            offset = element.getOffsetInHierarchy(measure)
            if isinstance(element, harmony.ChordSymbol):
                chords.append(chord_of(number, element, offset))
            else:
                notes.extend(notes_of(number, element, offset))
    return {"bars": bars, "notes": notes, "chords": chords}


print(json.dumps([sheet(path) for path in sorted(Path(sys.argv[1]).glob("*.musicxml"))]))
