// The page's only way out: what it can ask of the program behind it.
import type { Action } from '../bindings/Action';
import type { DeskAnswer } from '../bindings/DeskAnswer';
import type { DeskRequest } from '../bindings/DeskRequest';
import type { View } from '../bindings/View';

/** A candidate of the pinyin keyboard: its text, and how many of the letters it uses up. */
export interface Candidate {
  text: string;
  letters: number;
}

/** What pinyin letters may mean. */
export interface PinyinAnswer {
  syllables: string[];
  list: Candidate[];
}

/** A picture of the camera. */
export interface Frame {
  seq: number;
  picture: Blob;
}

/** What stands behind the page. */
export interface Backend {
  /** Everything that is on the screen now. */
  view(): Promise<View>;
  /** Calls back with every later view; the answer stops it. */
  listen(onView: (view: View) => void): Promise<() => void>;
  /** Something was done. */
  act(action: Action): Promise<void>;
  /** The staff's desk asks; fails with a notice. */
  desk(request: DeskRequest): Promise<DeskAnswer>;
  /** What the letters may mean. */
  pinyin(letters: string): Promise<PinyinAnswer>;
  /** Where a photo of the view is. */
  photo(path: string): string;
  /** The first frame after `seq`, or none within about a second. */
  frame(seq: number, signal: AbortSignal): Promise<Frame | null>;
}

/** The program's own, or, while developing in a browser, the scripted one. */
export async function chooseBackend(): Promise<Backend> {
  if (import.meta.env.DEV && !('__TAURI_INTERNALS__' in window)) {
    return (await import('./web')).webBackend(new URL(window.location.href));
  }
  return (await import('./tauri')).tauriBackend();
}
