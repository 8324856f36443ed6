// The program's drawings of paper, as nodes of the page: built anew from what they may have, so that nothing else of
// them comes in.

const SVG = 'http://www.w3.org/2000/svg';
const ATTRIBUTES: Record<string, string[]> = {
  svg: ['viewBox'],
  g: ['transform', 'fill'],
  rect: ['x', 'y', 'width', 'height', 'fill'],
  path: ['d', 'fill'],
  text: ['x', 'y', 'transform', 'fill', 'font-family', 'font-size', 'font-kerning', 'text-anchor', 'xml:space'],
  image: ['x', 'y', 'width', 'height', 'transform', 'preserveAspectRatio'],
};
/** Pictures as the lists name them; an address of anywhere else is none. */
const PICTURE = /^desk\/[\w-]+\/[a-z]+$/;

function built(from: Element, photo: (path: string) => string): SVGElement | null {
  const allowed = Object.hasOwn(ATTRIBUTES, from.localName) ? ATTRIBUTES[from.localName] : undefined;
  if (!allowed || from.namespaceURI !== SVG) return null;
  const node = document.createElementNS(SVG, from.localName) as SVGElement;
  for (const name of allowed) {
    const value = from.getAttribute(name);
    if (value !== null) node.setAttribute(name, value);
  }
  if (from.localName === 'image') {
    const path = from.getAttribute('href') ?? '';
    if (!PICTURE.test(path)) return null;
    node.setAttribute('href', photo(path));
  }
  if (from.localName === 'text') node.textContent = from.textContent;
  else node.append(...[...from.children].map((one) => built(one, photo)).filter((one) => one !== null));
  return node;
}

/** The drawing of this text; nothing where it is none. `photo` says where a picture is. */
export function drawing(text: string, photo: (path: string) => string): SVGElement | null {
  const read = new DOMParser().parseFromString(text, 'image/svg+xml');
  if (read.querySelector('parsererror') || read.documentElement?.localName !== 'svg') return null;
  return built(read.documentElement, photo);
}
