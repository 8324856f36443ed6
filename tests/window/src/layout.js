// What is wrong with the page as it is laid out: the body of a function that answers a list of sentences.
const faults = [];
const EDGE_PX = 2;
const name = (one) => one?.closest('[data-testid]')?.dataset.testid ?? one?.tagName?.toLowerCase() ?? 'nothing';
const inReach = (one) => !one.closest('[inert]');
const box = (one) => one.getBoundingClientRect();
const sticksOut = (a, b) =>
  a.left < b.left - EDGE_PX || a.top < b.top - EDGE_PX || a.right > b.right + EDGE_PX || a.bottom > b.bottom + EDGE_PX;
// What can be scrolled may be out of sight.
const scrolls = (one) => ['auto', 'scroll'].includes(getComputedStyle(one).overflowY);
const inScroll = (one) => {
  for (let up = one.parentElement; up; up = up.parentElement) if (scrolls(up)) return true;
  return false;
};
const screen = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };

const page = document.scrollingElement;
if (page.scrollHeight > innerHeight || page.scrollWidth > innerWidth) {
  faults.push(`the page is ${page.scrollWidth}×${page.scrollHeight} in a window of ${innerWidth}×${innerHeight}`);
}

for (const one of document.querySelectorAll('[data-testid]')) {
  const place = box(one);
  if (!inReach(one) || inScroll(one) || place.width === 0 || place.height === 0) continue;
  const id = one.dataset.testid;
  if (sticksOut(place, screen)) faults.push(`${id} lies outside the window`);
  const around = one.parentElement?.closest('[data-testid]');
  // The live picture lies below all the rest; a dialogue lies above.
  const modal = one.closest('[aria-modal="true"]');
  const lifted = getComputedStyle(one).position === 'fixed' || (modal !== null && !modal.contains(around));
  if (around && id !== 'entry' && !lifted && sticksOut(place, box(around))) {
    faults.push(`${id} sticks out of ${around.dataset.testid}`);
  }
  if (id === 'live' || getComputedStyle(one).pointerEvents === 'none') continue;
  const above = document.elementFromPoint((place.left + place.right) / 2, (place.top + place.bottom) / 2);
  const isButton = one.matches('button, input');
  const over = above && !one.contains(above) && !above.contains(one);
  if (!above || over || (isButton && !one.contains(above))) faults.push(`${id} lies under ${name(above)}`);
}

// Words: cut off, over one another, or not words at all.
const lines = [];
const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const text = walker.currentNode.textContent.trim();
  const holder = walker.currentNode.parentElement;
  if (!text || !holder || !inReach(holder) || inScroll(holder) || !holder.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
  const range = document.createRange();
  range.selectNodeContents(walker.currentNode);
  // A line's box holds room for the tallest letters of any script: the letters themselves fill its middle.
  const size = parseFloat(getComputedStyle(holder).fontSize) * 0.8;
  const places = [...range.getClientRects()].filter((place) => place.width > 1).map(({ left, right, top, bottom }) => {
    const [middle, half] = [(top + bottom) / 2, Math.min(size, bottom - top) / 2];
    return { left, right, top: middle - half, bottom: middle + half };
  });
  for (const place of places) lines.push({ text, place, holder });
  const bad = /\{\w+\}|undefined|\bnull\b|NaN|\b[a-z]+_[a-z_]+\b|\b[a-z]+\.[a-z_]+\b/.exec(text);
  const code = arguments[0] === 'zh' && /^[a-z][a-z ._-]*$/.test(text);
  if (bad || code) faults.push(`${name(holder)} says “${text}”`);
  for (let up = holder; up && up.tagName !== 'MAIN'; up = up.parentElement) {
    const style = getComputedStyle(up);
    if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
    for (const place of places) {
      if (sticksOut(place, box(up)) && style.textOverflow !== 'ellipsis') faults.push(`“${text}” is cut off in ${name(holder)}`);
    }
    break;
  }
}
for (const one of document.querySelectorAll('button')) {
  if (inReach(one) && !inScroll(one) && (one.scrollWidth > one.clientWidth + EDGE_PX || one.scrollHeight > one.clientHeight + EDGE_PX)) {
    faults.push(`the words do not fit into the button ${name(one)}`);
  }
}
const OVER_PX = 6;
const layer = (one) => one.closest('[role="dialog"]');
for (let first = 0; first < lines.length; first += 1) {
  for (let second = first + 1; second < lines.length; second += 1) {
    const [a, b] = [lines[first], lines[second]];
    const wide = Math.min(a.place.right, b.place.right) - Math.max(a.place.left, b.place.left);
    const high = Math.min(a.place.bottom, b.place.bottom) - Math.max(a.place.top, b.place.top);
    if (wide > OVER_PX && high > OVER_PX && layer(a.holder) === layer(b.holder)) faults.push(`“${a.text}” and “${b.text}” overlap`);
  }
}
return [...new Set(faults)];
