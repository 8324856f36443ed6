// What is being typed by pinyin: letters that wait, and what they may mean.
import type { Backend, Candidate } from '../backend';

const MOST_LETTERS = 48;

export class Composition {
  letters = $state('');
  candidates = $state.raw<Candidate[]>([]);
  syllables = $state.raw<string[]>([]);
  #asked = 0;

  constructor(
    readonly pinyin: Backend['pinyin'],
    readonly commit: (text: string) => void,
  ) {}

  /** Takes a key; whether it was used, or belongs to the field. */
  press(key: string): boolean {
    if (/^[a-zA-Z']$/.test(key)) {
      if (this.letters === '' && key === "'") return false;
      if (this.letters.length < MOST_LETTERS) this.#set(this.letters + key.toLowerCase());
      return true;
    }
    if (this.letters === '') return false;
    if (key === 'Backspace') this.#set(this.letters.slice(0, -1));
    else if (key === 'Escape') this.clear();
    else if (key === 'Enter') this.#take(this.letters, this.letters.length);
    else if (key === ' ') this.choose(0);
    else if (/^[1-9]$/.test(key)) this.choose(Number(key) - 1);
    else {
      // Anything else ends the word and goes on to the field.
      this.choose(0);
      return false;
    }
    return true;
  }

  /** Takes a candidate; letters it does not use stay. */
  choose(index: number): void {
    const candidate = this.candidates[index];
    if (candidate) this.#take(candidate.text, candidate.letters);
    else if (this.candidates.length === 0) this.#take(this.letters, this.letters.length);
  }

  clear(): void {
    this.#set('');
  }

  #take(text: string, letters: number): void {
    if (text === '') return;
    this.commit(text);
    this.#set(this.letters.slice(letters).replace(/^'+/, ''));
  }

  #set(letters: string): void {
    this.letters = letters;
    const asked = ++this.#asked;
    // The old candidates no longer fit the letters: choosing one would take the wrong word.
    this.candidates = [];
    this.syllables = [];
    if (letters === '') return;
    this.pinyin(letters).then(
      (answer) => {
        if (asked !== this.#asked) return;
        this.candidates = answer.list;
        this.syllables = answer.syllables;
      },
      () => undefined,
    );
  }
}
