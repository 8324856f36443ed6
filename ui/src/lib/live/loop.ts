// Fetches the camera's pictures one at a time: the next is asked for when the last one is decoded, and comes while that
// is drawn.
import type { Frame } from '../backend';

export interface LiveParts<P> {
  fetch(after: number, signal: AbortSignal): Promise<Frame | null>;
  decode(picture: Blob): Promise<P>;
  draw(picture: P, seq: number): void;
  /** Called with false when pictures stop, and with true when they come again. */
  flowing(yes: boolean): void;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const FIRST_BACKOFF_MS = 100;
export const LONGEST_BACKOFF_MS = 2000;

/** Runs until the signal says stop. Errors are waited out; pictures that are not newer than the last are dropped. */
export async function runLive<P>(parts: LiveParts<P>, signal: AbortSignal): Promise<void> {
  let last = 0;
  let backoff = FIRST_BACKOFF_MS;
  // An error is an answer too: nobody may be listening yet when it comes.
  const ask = () => parts.fetch(last, signal).catch((reason: unknown) => new Error('no picture', { cause: reason }));
  let coming: ReturnType<typeof ask> | null = null;
  while (!signal.aborted) {
    try {
      const frame: Frame | null | Error = await (coming ?? ask());
      coming = null;
      if (signal.aborted) return;
      if (frame instanceof Error) throw frame;
      if (frame === null || frame.seq <= last) {
        if (frame === null) parts.flowing(false);
        await parts.wait(FIRST_BACKOFF_MS, signal);
        continue;
      }
      last = frame.seq;
      const picture = await parts.decode(frame.picture);
      if (signal.aborted) return;
      coming = ask();
      parts.draw(picture, frame.seq);
      parts.flowing(true);
      backoff = FIRST_BACKOFF_MS;
    } catch {
      if (signal.aborted) return;
      parts.flowing(false);
      await parts.wait(backoff, signal);
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
    }
  }
}

/** Waits, or returns at once when it is over. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
