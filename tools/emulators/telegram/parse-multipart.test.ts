import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from './api-error.ts';
import { parseMultipart } from './parse-multipart.ts';

const TYPE = 'multipart/form-data; boundary=----x';

function form(...lines: string[]): Buffer {
  return Buffer.from(lines.join('\r\n'));
}

test('reads fields and files, names with and without quotation marks, empty values and line ends within', () => {
  const parts = parseMultipart(
    TYPE,
    form(
      '------x',
      'content-disposition: form-data; name="media"',
      '',
      '{"a":1}',
      '------x',
      'Content-Disposition:form-data;name="f1";filename=vocals (Für Elise).mp3',
      'content-type:audio/mpeg',
      '',
      'one\r\ntwo\r\n',
      '------x',
      'content-disposition: form-data; name="f2"; filename="a;\\"b\\".mp3"',
      '',
      '',
      '------x--',
      '',
    ),
  );
  assert.deepEqual(
    parts.map(({ name, filename, mimeType, bytes }) => [name, filename, mimeType, bytes.toString()]),
    [
      ['media', null, 'application/octet-stream', '{"a":1}'],
      ['f1', 'vocals (Für Elise).mp3', 'audio/mpeg', 'one\r\ntwo\r\n'],
      ['f2', 'a;"b".mp3', 'application/octet-stream', ''],
    ],
  );
});

test('refuses a form without boundary or end', () => {
  for (const [type, body] of [
    ['multipart/form-data', '------x--'],
    [TYPE, 'nothing'],
    [TYPE, '------x\r\ncontent-disposition: form-data; name="a"\r\n\r\ncut'],
    [TYPE, '------x\r\ncut'],
  ] as const) {
    assert.throws(() => parseMultipart(type, Buffer.from(body)), ApiError);
  }
});
