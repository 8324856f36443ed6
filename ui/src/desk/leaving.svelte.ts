// Leaving a form: what was changed in it and is not saved is asked about before it goes.
import { getContext, onDestroy, setContext } from 'svelte';

export class Leaving {
  /** What waits for the answer. */
  waiting = $state.raw<(() => void) | null>(null);
  #forms: (() => boolean)[] = [];

  /** Does it at once where nothing would be lost by it, else once somebody has said that it may. */
  go(then: () => void): void {
    if (this.#forms.some((changed) => changed())) this.waiting = then;
    else then();
  }

  stay(): void {
    this.waiting = null;
  }

  leave(): void {
    const then = this.waiting;
    this.waiting = null;
    then?.();
  }

  /** A form that shows. What it answers takes the form away again. */
  watch(changed: () => boolean): () => void {
    this.#forms.push(changed);
    return () => (this.#forms = this.#forms.filter((one) => one !== changed));
  }
}

const KEY = Symbol('leaving');

export function provideLeaving(): Leaving {
  return setContext(KEY, new Leaving());
}

export function useLeaving(): Leaving {
  return getContext<Leaving>(KEY);
}

/** For a form: as long as it shows and says that something in it has changed, whatever would take it away asks first. */
export function useForm(changed: () => boolean): Leaving {
  const leaving = useLeaving();
  onDestroy(leaving.watch(changed));
  return leaving;
}
