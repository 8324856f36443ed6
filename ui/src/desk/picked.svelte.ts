// The orders whose photos alone are to be printed: chosen on one page, printed on another.
import { getContext, setContext } from 'svelte';

export class Picked {
  /** Their ids; none for whatever the printing page asks for. */
  ids = $state.raw<string[]>([]);

  drop(id: string): void {
    this.ids = this.ids.filter((one) => one !== id);
  }
}

const KEY = Symbol('picked');

export function providePicked(): Picked {
  return setContext(KEY, new Picked());
}

export function usePicked(): Picked {
  return getContext<Picked>(KEY);
}
