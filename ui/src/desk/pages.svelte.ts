// The rows of a long list, fetched a page at a time as they come into sight. What is out of sight may be forgotten.
import { SvelteMap, SvelteSet } from 'svelte/reactivity';

export const PAGE = 100;

interface Answer<Row> {
  rows: Row[];
  offset: number;
  total: number;
}

export class Pages<Row> {
  total = $state(0);
  /** Whether the first answer is there. */
  ready = $state(false);
  readonly #rows = new SvelteMap<number, Row>();
  readonly #asked = new SvelteSet<number>();
  #age = 0;
  /** What is there is older than what is asked for. */
  #stale = false;

  constructor(private readonly fetch: (offset: number, limit: number) => Promise<Answer<Row> | null>) {}

  row(index: number): Row | undefined {
    return this.#rows.get(index);
  }

  /** Makes sure that these rows are there, or on their way. */
  see(first: number, last: number): void {
    if (this.ready && this.total === 0) return;
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page += 1) {
      if (!this.#asked.has(page)) void this.#load(page);
    }
  }

  /** Everything is asked anew; what shows stays until then. */
  again(): void {
    this.#age += 1;
    this.#stale = true;
    this.#asked.clear();
    void this.#load(0);
  }

  /** The first row of those that are there for which this holds. */
  find(is: (row: Row) => boolean): { row: Row; at: number } | null {
    for (const [at, row] of this.#rows) if (is(row)) return { row, at };
    return null;
  }

  async #load(page: number): Promise<void> {
    const age = this.#age;
    this.#asked.add(page);
    const answer = await this.fetch(page * PAGE, PAGE);
    if (age !== this.#age) return;
    // What failed is not asked again by itself: the page says why, and asks when something changes.
    if (!answer) return;
    if (this.#stale) this.#rows.clear();
    this.#stale = false;
    answer.rows.forEach((row, at) => this.#rows.set(answer.offset + at, row));
    this.total = answer.total;
    this.ready = true;
  }
}
