import { SendError } from '../../workflows/contract/chat-port.ts';
import type { ChatAddress } from '../../workflows/contract/request.ts';
import { createChatLane } from './chat-lane.ts';
import type { ChatLane } from './chat-lane.ts';
import type { Bands } from './jobs.ts';
import { SHORT_WAIT_MS, pause, waitMs } from './pacing.ts';

const FIRST_PAUSE_MS = 250;
const MOST_TRIES = 5;
const MOST_MOVES = 3;
/** Lanes of chats that have been quiet are remade when they are needed. */
const MOST_LANES = 10_000;

/** The one way to the platform's calls: keeps each chat's quiet, follows chats that move. */
export interface ChatSender {
  /**
   * One call. Waits where the chat is to be quiet for a moment; thrown {@link SendError} `not-executed` with the rest of the time where
   * that is longer, and whatever the call throws, its waiting time made sane.
   */
  call<T>(address: ChatAddress, work: (address: ChatAddress) => Promise<T>): Promise<T>;
  /** As {@link call}, about a message that stands there. Messages do not move with their chat: thrown `gone` where it has moved. */
  edit<T>(address: ChatAddress, work: (address: ChatAddress) => Promise<T>): Promise<T>;
  /** For edits, which bear repetition: a few tries, then as {@link edit}. */
  repeat<T>(address: ChatAddress, work: (address: ChatAddress) => Promise<T>): Promise<T>;
  lane(address: ChatAddress): ChatLane;
  stop(): void;
}

export function createChatSender(deps: {
  readonly bands: Pick<Bands, 'moveChat'>;
  readonly onError: (error: unknown, card: string) => void;
}): ChatSender {
  const lanes = new Map<string, ChatLane>();
  const movedTo = new Map<string, string>();
  let stopped = false;

  function laneOf(address: ChatAddress): ChatLane {
    const key = keyOf(address);
    const lane = lanes.get(key) ?? createChatLane(deps.onError);
    // Back to the end: the first is the one that was not needed for longest.
    lanes.delete(key);
    lanes.set(key, lane);
    for (const [old, { restMs }] of lanes) {
      if (lanes.size <= MOST_LANES || restMs > 0) break;
      lanes.delete(old);
    }
    return lane;
  }

  function whereNow(address: ChatAddress): ChatAddress {
    const chatId = movedTo.get(keyOf(address));
    return chatId === undefined ? address : { ...address, chatId };
  }

  async function keepQuiet(address: ChatAddress): Promise<void> {
    // While one call waits, another may hear that it is to be longer.
    for (let { quietMs } = laneOf(address); quietMs > 0; { quietMs } = laneOf(address)) {
      if (quietMs > SHORT_WAIT_MS) {
        throw new SendError('not-executed', 'the platform asked for quiet in this chat', { retryAfterMs: quietMs });
      }
      await pause(quietMs);
    }
  }

  /** Null where the chat has not moved. */
  async function noteMove(address: ChatAddress, target: ChatAddress, error: SendError): Promise<ChatAddress | null> {
    const chatId = error.movedToChatId;
    if (chatId === null || chatId === target.chatId) return null;
    await deps.bands.moveChat(target, chatId);
    movedTo.set(keyOf(address), chatId);
    return { ...target, chatId };
  }

  const sender: ChatSender = {
    async call(address, work) {
      let target = whereNow(address);
      for (let moves = 0; ; moves += 1) {
        await keepQuiet(target);
        try {
          return await work(target);
        } catch (error) {
          if (!(error instanceof SendError)) {
            throw error;
          }
          const moved = moves === MOST_MOVES ? null : await noteMove(address, target, error);
          if (moved === null) {
            throw paced(error, laneOf(target));
          }
          target = moved;
        }
      }
    },

    async edit(address, work) {
      const target = whereNow(address);
      await keepQuiet(target);
      try {
        return await work(target);
      } catch (error) {
        if (!(error instanceof SendError)) {
          throw error;
        }
        if ((await noteMove(address, target, error)) === null) {
          throw paced(error, laneOf(target));
        }
        throw new SendError('gone', 'a message stayed behind when its chat moved', { cause: error });
      }
    },

    async repeat(address, work) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await sender.edit(address, work);
        } catch (error) {
          const isHopeless = !(error instanceof SendError) || error.outcome === 'gone';
          if (isHopeless || stopped || tries === MOST_TRIES || (error.retryAfterMs ?? 0) > SHORT_WAIT_MS) {
            throw error;
          }
          await pause(FIRST_PAUSE_MS * 2 ** (tries - 1));
        }
      }
    },

    lane: (address) => laneOf(whereNow(address)),

    stop() {
      stopped = true;
      for (const lane of lanes.values()) lane.stop();
    },
  };
  return sender;
}

/** The chat is quiet for as long as the platform asked; others go on. */
function paced(error: SendError, lane: ChatLane): SendError {
  if (error.retryAfterMs === null) {
    return error;
  }
  const retryAfterMs = waitMs(error.retryAfterMs);
  lane.quieten(retryAfterMs);
  return new SendError(error.outcome, error.message, { retryAfterMs, cause: error.cause });
}

function keyOf({ platform, botId, chatId }: ChatAddress): string {
  return JSON.stringify([platform, botId, chatId]);
}
