import { FileTooLargeError } from '../../workflows/contract/chat-port.ts';
import { callTelegram } from './call-telegram.ts';

/**
 * A call that carries `bytes` of files.
 * @throws FileTooLargeError with a limit below `bytes`, and whatever `callTelegram` throws
 */
export async function upload<T>(bytes: number, limitBytes: number, call: () => Promise<T>, unchanged?: T): Promise<T> {
  if (bytes > limitBytes) throw new FileTooLargeError(limitBytes);
  try {
    return await callTelegram(call, unchanged);
  } catch (error) {
    throw error instanceof FileTooLargeError ? new FileTooLargeError(Math.min(limitBytes, bytes - 1)) : error;
  }
}
