/** Walks the fields of a protobuf message in a file without loading it: a model's gigabyte of numbers is stepped over. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { rejectModelFile } from '../model-file-error.ts';

const WINDOW_BYTES = 64 * 1024;
const WIRE_TYPE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const MOST_VARINT_BYTES = 10;

/** A span of the file, in bytes. */
export interface ProtobufSpan {
  readonly start: number;
  readonly end: number;
}

export interface ProtobufField extends ProtobufSpan {
  readonly number: number;
  /** A varint's value; -1 for every other wire type, and for a varint above 2^53, as negative numbers are. */
  readonly value: number;
  /** Whether the span is a string, bytes, a message or packed numbers. */
  readonly isBytes: boolean;
}

export interface ProtobufFile {
  readonly whole: ProtobufSpan;
  /** @throws ModelFileError when a field reaches outside the span or is of no known form. */
  fields(span: ProtobufSpan): Generator<ProtobufField>;
  /** @throws ModelFileError when the span is longer than `mostBytes`. */
  text(span: ProtobufSpan, mostBytes?: number): string;
  bytes(span: ProtobufSpan, mostBytes: number): Buffer;
  close(): void;
}

/** Synchronous: what is read is small, whatever the file's size. */
export function openProtobufFile(path: string): ProtobufFile {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  const window = Buffer.alloc(WINDOW_BYTES);
  let windowStart = 0;
  let windowEnd = 0;

  function byteAt(position: number): number {
    if (position < windowStart || position >= windowEnd) {
      windowStart = position;
      windowEnd = position + readSync(file, window, 0, WINDOW_BYTES, position);
      if (windowEnd === position) rejectModelFile('the file ends within a field');
    }
    return window[position - windowStart]!;
  }

  function varint(position: number, end: number): { readonly value: number; readonly next: number } {
    let value = 0;
    for (let count = 0; count < MOST_VARINT_BYTES; count += 1) {
      if (position + count >= end) break;
      const byte = byteAt(position + count);
      value += (byte & 0x7f) * 2 ** (7 * count);
      if (byte < 0x80) return { value: Number.isSafeInteger(value) ? value : -1, next: position + count + 1 };
    }
    return rejectModelFile('a number in the file is cut off or too long');
  }

  function bytes(span: ProtobufSpan, mostBytes: number): Buffer {
    const length = span.end - span.start;
    if (length > mostBytes) rejectModelFile(`a field of ${length} bytes; at most ${mostBytes} are read`);
    const read = Buffer.alloc(length);
    if (readSync(file, read, 0, length, span.start) !== length) rejectModelFile('the file ends within a field');
    return read;
  }

  return {
    whole: { start: 0, end: size },
    *fields(span) {
      let position = span.start;
      while (position < span.end) {
        const key = varint(position, span.end);
        const number = Math.floor(key.value / 8);
        if (number < 1) rejectModelFile('a field has no valid number');
        const wireType = key.value % 8;
        let start = key.next;
        let end: number;
        let value = -1;
        if (wireType === WIRE_TYPE.varint) {
          const decoded = varint(start, span.end);
          value = decoded.value;
          end = decoded.next;
        } else if (wireType === WIRE_TYPE.bytes) {
          const length = varint(start, span.end);
          if (length.value < 0) rejectModelFile('a field has an impossible length');
          start = length.next;
          end = start + length.value;
        } else if (wireType === WIRE_TYPE.fixed64) end = start + 8;
        else if (wireType === WIRE_TYPE.fixed32) end = start + 4;
        else end = rejectModelFile(`a field has the unknown wire type ${wireType}`);
        if (end > span.end) rejectModelFile(`a field reaches ${end - span.end} bytes over the end of what holds it`);
        yield { number, start, end, value, isBytes: wireType === WIRE_TYPE.bytes };
        position = end;
      }
    },
    text: (span, mostBytes = 4096) => bytes(span, mostBytes).toString('utf8'),
    bytes,
    close: () => closeSync(file),
  };
}
