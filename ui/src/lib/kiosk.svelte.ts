// The page's one state: the last view it was sent. It renders that, and sends what people do.
import { getContext, setContext } from 'svelte';
import type { Action } from './bindings/Action';
import type { Screen } from './bindings/Screen';
import type { View } from './bindings/View';
import type { Backend } from './backend';

/** A screen of one kind. */
export type ScreenOf<K extends Screen['kind']> = Extract<Screen, { kind: K }>;

const TOUCH_EVERY_MS = 1000;
const ASK_AGAIN_MS = 500;

export class Kiosk {
  view = $state.raw<View | null>(null);
  #touched = 0;
  #stop: (() => void) | null = null;
  #closed = false;

  constructor(readonly backend: Backend) {}

  /** Listens first and asks then, so that no view is missed between the two. */
  async open(): Promise<void> {
    const stop = await this.backend.listen((view) => this.take(view));
    if (this.#closed) return stop();
    this.#stop = stop;
    await this.#ask();
  }

  close(): void {
    this.#closed = true;
    this.#stop?.();
  }

  /** Shows a view unless a newer one shows already. */
  take(view: View): void {
    if (this.view === null || view.version >= this.view.version) this.view = view;
  }

  act(action: Action): void {
    // An action that cannot be sent changes nothing; the view says how things stand.
    this.backend.act(action).catch(() => this.#ask());
  }

  /** Something moved: the idle time begins anew. Once a second is enough. */
  touch(now: number): void {
    if (now - this.#touched < TOUCH_EVERY_MS) return;
    this.#touched = now;
    this.act({ kind: 'touch' });
  }

  async #ask(): Promise<void> {
    while (!this.#closed) {
      try {
        return this.take(await this.backend.view());
      } catch {
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      }
    }
  }
}

const KEY = Symbol('kiosk');

export function provideKiosk(backend: Backend): Kiosk {
  return setContext(KEY, new Kiosk(backend));
}

export function useKiosk(): Kiosk {
  return getContext<Kiosk>(KEY);
}
