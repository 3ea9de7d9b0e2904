/** A conversation with everything that a page or a picture must be able to show: `node tools/play/show-room.test-kit.ts discord 8123`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEchoRoom } from './echo-room.test-kit.ts';
import type { EchoRoom } from './echo-room.test-kit.ts';
import { servePlay } from './server.ts';
import { createStackState } from './stack-state.ts';

const SONG = join(import.meta.dirname, '..', '..', 'examples', 'back-porch-take.flac');

export async function createShowRoom(platform: 'discord' | 'slack' | 'telegram'): Promise<EchoRoom> {
  const room = createEchoRoom(platform);
  const bytes = new Uint8Array(await readFile(SONG));
  const audio = (name: string) => room.store({ name, bytes, mimeType: 'audio/flac' }, 'audio');
  const take = room.post({
    by: 'ada',
    text: 'Last night’s take. Somebody wants the bass alone?',
    files: [audio('back-porch-take.flac')],
  });
  room.post({ by: 'ben', text: '/split want:bass', replyTo: take.id });
  const card = room.post({
    text: 'back-porch-take · K7Q2\n▸ Separate\n██████████░░░░░░░░░░  48 %   about 20 s left',
    buttons: [{ label: 'Cancel', customId: 'x', url: null }],
    replyTo: take.id,
  });
  room.emulator.conversation.edit({
    ...card,
    text: [
      'back-porch-take · K7Q2',
      '✓ Receive  ✓ Read  ✓ Separate  ✓ Measure  ✓ Encode  ✓ Deliver',
      'vocals          -19.4 LUFS   peak -3.1 dBTP   +5.4 dB to target',
      'accompaniment   -15.0 LUFS   peak -0.9 dBTP   +1.0 dB to target',
      'Stems null to -142 dB; with the residual they give the mix exactly.',
    ].join('\n'),
    files: [audio('back-porch-take - vocals.flac'), audio('back-porch-take - accompaniment.flac')],
    buttons: [
      { label: 'Split again', customId: 'x', url: null },
      { label: 'All as one file', customId: null, url: 'http://127.0.0.1:9/d/abc' },
      ...['Only vocals', 'Without vocals', 'Only accompaniment', 'Without accompaniment'].map((label) => ({
        label,
        customId: 'y',
        url: null,
        menu: 'Only or without a stem…',
      })),
    ],
  });
  room.post({ text: 'Ben Okafor, your stems are ready.', pings: ['ben'], replyTo: card.id });
  room.post({
    by: 'ben',
    text: 'Ha, listen to <the> fill at 1:12 & the count-in. https://example.org/fill',
    thread: take.id,
  });
  room.post({ by: 'ada', text: 'Told you.', thread: take.id });
  room.post({ text: 'You have 9 of 10 jobs left this hour.', onlyFor: 'ben' });
  return room;
}

if (import.meta.main) {
  const [platform = 'discord', port = '0'] = process.argv.slice(2);
  const stack = createStackState();
  stack.tell('running', 'Woodshed is running.');
  const room = await createShowRoom(platform as 'discord');
  console.log((await servePlay(room, stack, Number(port))).url);
}
