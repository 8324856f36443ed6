// Keeps the page a kiosk: no reload, no zoom, no menu, no dragging, no way back through history.

function isPageKey(event: KeyboardEvent): boolean {
  if (event.key === 'F5' || event.key === 'F3' || event.key === 'F7' || event.key === 'F11') return true;
  if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight' || event.key === 'F4')) return true;
  if (!event.ctrlKey && !event.metaKey) return false;
  return 'rRpPsSfFgGuUjJhHoOnNtTwW+-=0'.includes(event.key) || event.key === 'F5';
}

/**
 * A button that a finger or the mouse pressed keeps no focus: the space bar is the shutter again, and Enter confirms,
 * instead of pressing that button once more. Pressed by a key (a click of no finger), it keeps it.
 */
function letGo(page: Document, event: MouseEvent): void {
  const focused = page.activeElement;
  if (event.detail > 0 && focused instanceof HTMLElement && focused.closest('button, [role="button"], [role="row"]')) focused.blur();
}

/** Blocks what a browser would do by itself; keys still reach the page's own listeners. */
export function guardPage(target: Window): () => void {
  const stop = new AbortController();
  const block = (event: Event) => event.preventDefault();
  const options = { signal: stop.signal, capture: true };
  for (const name of ['contextmenu', 'dragstart', 'drop', 'dragover', 'gesturestart', 'auxclick']) {
    target.addEventListener(name, block, options);
  }
  target.addEventListener('wheel', (event) => event.ctrlKey && event.preventDefault(), { ...options, passive: false });
  target.addEventListener('touchmove', (event) => event.touches.length > 1 && event.preventDefault(), {
    ...options,
    passive: false,
  });
  target.addEventListener('keydown', (event) => isPageKey(event) && event.preventDefault(), options);
  target.addEventListener('click', (event) => letGo(target.document, event), { signal: stop.signal });
  return () => stop.abort();
}
