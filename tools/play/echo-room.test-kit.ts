/** The smallest platform there is: what people do is seen, and a "bot" in the same process answers, so that the playroom can be tested alone. */
import { createHash } from 'node:crypto';
import { createConversation } from '../emulators/core/conversation.ts';
import type { SeenFile, SeenMessage } from '../emulators/core/conversation.ts';
import type { ChatEmulator, PersonAction, PersonFile } from '../emulators/core/emulator.ts';
import { noFaults } from '../emulators/core/faults.ts';
import type { PlayRoom } from './room.ts';

export interface EchoRoom extends PlayRoom {
  /** What people did, oldest first. */
  readonly actions: readonly PersonAction[];
  readonly post: (message: Partial<SeenMessage>) => SeenMessage;
  readonly store: (file: PersonFile, shownAs: SeenFile['shownAs']) => SeenFile;
}

export function createEchoRoom(platform: ChatEmulator['platform']): EchoRoom {
  const conversation = createConversation();
  const actions: PersonAction[] = [];
  const bytes = new Map<string, Uint8Array>();
  let made = 0;
  const faults = { current: noFaults() };

  function post(message: Partial<SeenMessage>): SeenMessage {
    made += 1;
    const whole: SeenMessage = {
      id: String(made),
      chat: 'studio',
      thread: null,
      by: 'bot',
      text: '',
      files: [],
      buttons: [],
      replyTo: null,
      onlyFor: null,
      pings: [],
      ...message,
    };
    conversation.post(whole);
    return whole;
  }
  function store(file: PersonFile, shownAs: SeenFile['shownAs']): SeenFile {
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    bytes.set(sha256, file.bytes);
    return { name: file.name, bytes: file.bytes.length, sha256, shownAs };
  }
  function act(action: PersonAction): string {
    actions.push(action);
    const { by, at } = action;
    switch (action.kind) {
      case 'message': {
        const files = action.files.map((file) => store(file, file.mimeType.startsWith('audio/') ? 'audio' : 'file'));
        return post({ ...at, by, text: action.text, files, replyTo: action.replyTo }).id;
      }
      case 'command':
        return post({ ...at, text: `/${action.verb}`, onlyFor: by }).id;
      case 'shortcut':
      case 'press':
        conversation.notice({ chat: at.chat, onlyFor: by, text: action.kind });
        return action.messageId;
      case 'edit':
      case 'delete': {
        const found = conversation.find(at.chat, action.messageId);
        if (found === null) throw new RangeError('there is no such message');
        if (action.kind === 'edit') conversation.edit({ ...found, text: action.text });
        else conversation.remove(at.chat, action.messageId);
        return action.messageId;
      }
    }
  }

  return {
    actions,
    post,
    store,
    title: 'The Rehearsal Room',
    people: [
      { id: 'ada', name: 'Ada' },
      { id: 'ben', name: 'Ben Okafor' },
    ],
    places: [
      { id: 'studio', thread: null, name: '# studio' },
      { id: 'covers', thread: null, name: '# covers' },
    ],
    shortcuts: platform === 'telegram' ? [] : ['Split stems'],
    commands: ['/split', '/jobs', '/cancel', '/help'],
    emulator: {
      platform,
      botEnv: {},
      conversation,
      requests: [],
      setFaults: (next) => {
        faults.current = next;
      },
      // oxlint-disable-next-line typescript/require-await -- so that what `act` throws is a rejection
      act: async (action) => ({ id: act(action), acknowledgedMs: Promise.resolve(0) }),
      specReport: () => ({ source: null, covered: 0, listed: 0, violations: [] }),
      fileBytes: (sha256) => bytes.get(sha256) ?? null,
      close: () => Promise.resolve(),
    },
  };
}
