// The work that takes long, of which the program does one at a time: how far it is, asked again until it has ended.
import { onMount } from 'svelte';
import type { JobView } from '../lib/bindings/JobView';
import type { Ask } from './ask.svelte';

const POLL_MS = 300;

export class Job {
  view = $state.raw<JobView | null>(null);
  /** Whatever it is: nothing else can begin meanwhile. */
  readonly running = $derived(this.view !== null && this.view.stage !== 'done' && this.view.stage !== 'failed');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #left = false;

  constructor(private readonly ask: Ask) {}

  async poll(): Promise<void> {
    clearTimeout(this.#timer);
    this.view = (await this.ask.for({ kind: 'job' }, 'job'))?.job ?? this.view;
    clearTimeout(this.#timer);
    if (this.running && !this.#left) this.#timer = setTimeout(() => void this.poll(), POLL_MS);
  }

  async cancel(): Promise<void> {
    await this.ask.for({ kind: 'job_cancel' }, 'done');
  }

  /** The page is left; the work goes on. */
  leave(): void {
    this.#left = true;
    clearTimeout(this.#timer);
  }
}

/** The work as a page shows it. It asks with a voice of its own, so that asking again takes away no notice of the page. */
export function useJob(ask: Ask): Job {
  const job = new Job(ask);
  onMount(() => {
    void job.poll();
    return () => job.leave();
  });
  return job;
}
