/** Tracks of MIDI events as the bytes of a file. */
import { writeMidi } from 'midi-file';
import type { MidiEvent } from 'midi-file';

/** The library copies what it has written for every event: in pieces, long songs take time by their length and not by its square. */
const PIECE_EVENTS = 500;
/** `MThd` with its length and its six bytes; a chunk's name and its length. */
const FILE_HEADER_BYTES = 14;
const CHUNK_HEADER_BYTES = 8;

/** @param tracks each with its end */
export function midiBytes(tracks: readonly (readonly MidiEvent[])[], ticksPerBeat: number): Uint8Array {
  const header = { format: 1, numTracks: tracks.length, ticksPerBeat } as const;
  const empty = writeMidi({ header, tracks: tracks.map(() => []) });
  return Buffer.concat([Uint8Array.from(empty.slice(0, FILE_HEADER_BYTES)), ...tracks.map((events) => chunk(events))]);
}

function chunk(events: readonly MidiEvent[]): Buffer {
  const pieces: number[][] = [];
  for (let index = 0; index < events.length; index += PIECE_EVENTS) {
    const tracks = [events.slice(index, index + PIECE_EVENTS)];
    const bytes = writeMidi({ header: { format: 1, numTracks: 1 }, tracks });
    pieces.push(bytes.slice(FILE_HEADER_BYTES + CHUNK_HEADER_BYTES));
  }
  const body = Buffer.concat(pieces.map((piece) => Uint8Array.from(piece)));
  const head = Buffer.alloc(CHUNK_HEADER_BYTES);
  head.write('MTrk', 'latin1');
  head.writeUInt32BE(body.length, CHUNK_HEADER_BYTES / 2);
  return Buffer.concat([head, body]);
}
