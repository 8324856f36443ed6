// Asking the program from a page of the desk: the answer of the kind that belongs to the question, or a notice.
import type { DeskAnswer } from '../lib/bindings/DeskAnswer';
import type { DeskRequest } from '../lib/bindings/DeskRequest';
import type { Notice } from '../lib/bindings/Notice';
import { useKiosk } from '../lib/kiosk.svelte';

/** An answer of one kind. */
export type AnswerOf<K extends DeskAnswer['kind']> = Extract<DeskAnswer, { kind: K }>;

function noticeOf(error: unknown): Notice {
  if (typeof error === 'object' && error !== null && 'code' in error && 'params' in error) return error as Notice;
  return { code: 'desk.closed', params: {} };
}

/** A page's questions: what went wrong with the last one, and whether one has been under way for longer than a blink. */
export class Ask {
  notice = $state.raw<Notice | null>(null);
  busy = $state(false);
  #under = 0;

  constructor(private readonly send: (request: DeskRequest) => Promise<DeskAnswer>) {}

  /** The answer, where it is of one of these kinds; nothing where the question failed: then `notice` says why. */
  async for<K extends DeskAnswer['kind']>(request: DeskRequest, ...kinds: K[]): Promise<AnswerOf<K> | null> {
    this.#under += 1;
    const late = setTimeout(() => (this.busy = this.#under > 0), 300);
    try {
      const answer = await this.send(request);
      this.notice = null;
      return kinds.includes(answer.kind as K) ? (answer as AnswerOf<K>) : null;
    } catch (error) {
      this.notice = noticeOf(error);
      return null;
    } finally {
      clearTimeout(late);
      this.#under -= 1;
      if (this.#under === 0) this.busy = false;
    }
  }
}

export function useAsk(): Ask {
  const kiosk = useKiosk();
  return new Ask((request) => kiosk.backend.desk(request));
}
