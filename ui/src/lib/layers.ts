// What lies above a page, the topmost last: Escape is the topmost one's alone, and what opened it has the focus again.
import { tick } from 'svelte';

interface Layer {
  /** What Escape does; none where the layer reads its keys itself. */
  escape: (() => void) | null;
}
const layers: Layer[] = [];

/** Lays something above the page; what it answers takes that away again. */
export function layer(escape: Layer['escape']): () => void {
  const one = { escape };
  layers.push(one);
  return () => {
    const at = layers.indexOf(one);
    if (at >= 0) layers.splice(at, 1);
  };
}

/** Something lies above the page: the page's own keys wait. */
export const covered = (): boolean => layers.length > 0;

/** Before anybody else hears of a key: Escape closes what lies on top, and nothing beneath it. */
export function escapeTop(event: KeyboardEvent): void {
  const top = layers.at(-1);
  // An input method closes its own candidates first.
  if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented || !top?.escape) return;
  event.preventDefault();
  top.escape();
}

const find = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${CSS.escape(testid)}"]`);

/** Gives what has this test id the focus, once the page shows it; not where something else has taken it meanwhile. */
export async function focusOn(testid: string, element?: HTMLElement): Promise<void> {
  await tick();
  const free = document.activeElement === null || document.activeElement === document.body;
  if (free) (element?.isConnected ? element : find(testid))?.focus({ preventScroll: true });
}

/** Remembers what has the focus now. Lists are drawn anew meanwhile: then it is what has the same test id. */
export function focusBack(): () => void {
  const opener = document.activeElement;
  if (!(opener instanceof HTMLElement) || opener === document.body) return () => undefined;
  return () => void focusOn(opener.dataset['testid'] ?? '', opener);
}
