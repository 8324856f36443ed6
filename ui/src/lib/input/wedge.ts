// Tells a hand scanner that types like a keyboard from a person who types.

/** Keys of a scanner come closer together than this. */
export const BURST_MS = 50;
/** A person may hit a few keys at once, but not this many and Enter. */
const LEAST_SCANNED = 6;
const MOST_SCANNED = 4096;

export interface WedgeSink {
  /** A scanner read this. */
  scanned(text: string): void;
  /** A person hit this key: one character, `backspace`, `clear` or `enter`. */
  key(key: string): void;
}

/** Holds characters back for as long as they may belong to a burst. */
export class Wedge {
  #held = '';
  #last = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly sink: WedgeSink) {}

  /** Takes a key as the browser names it; whether it was of any use here. */
  press(key: string, now: number): boolean {
    if (key === 'Enter') {
      const text = now - this.#last <= BURST_MS && this.#held.length >= LEAST_SCANNED ? this.#held : null;
      if (text === null) this.flush();
      else this.#drop();
      if (text === null) this.sink.key('enter');
      else this.sink.scanned(text);
      return true;
    }
    const name = key === 'Backspace' ? 'backspace' : key === 'Delete' ? 'clear' : null;
    if (name) {
      this.flush();
      this.sink.key(name);
      return true;
    }
    if ([...key].length !== 1) return false;
    if (now - this.#last > BURST_MS) this.flush();
    this.#last = now;
    if (this.#held.length < MOST_SCANNED) this.#held += key;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), BURST_MS);
    return true;
  }

  /** No Enter came: a person typed what is held. */
  flush(): void {
    const held = this.#held;
    this.#drop();
    for (const character of held) this.sink.key(character);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#held = '';
  }
}
