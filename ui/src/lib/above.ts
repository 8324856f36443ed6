/** While an element lies above the screen, what is beside it and its parents is out of reach, for fingers and keys alike. */
export function above(node: HTMLElement): { destroy(): void } {
  const below: HTMLElement[] = [];
  for (let one = node; one.parentElement && one.parentElement.tagName !== 'MAIN' && one.parentElement !== document.body; one = one.parentElement) {
    for (const other of one.parentElement.children) {
      if (other !== one && other instanceof HTMLElement && !other.inert) {
        other.inert = true;
        below.push(other);
      }
    }
  }
  return { destroy: () => below.forEach((one) => (one.inert = false)) };
}
