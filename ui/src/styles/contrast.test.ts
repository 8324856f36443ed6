// Text can be read: every pair of ink and surface that the page uses is at least 7 to 1.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const tokens = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

function luminance(token: string): number {
  const hex = new RegExp(`--${token}: #([0-9a-f]{6});`).exec(tokens)?.[1];
  if (!hex) throw new Error(`no ${token}`);
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const pairs: [string, string[]][] = [
  ['ink', ['paper', 'paper-raised', 'paper-sunk', 'blue', 'blue-wash', 'green-wash', 'red-wash']],
  ['ink-soft', ['paper', 'paper-raised', 'paper-sunk', 'blue-wash']],
  ['blue-deep', ['paper', 'paper-raised', 'paper-sunk', 'blue-wash']],
  ['green', ['paper', 'paper-raised', 'green-wash']],
  ['amber', ['paper', 'paper-raised', 'amber-wash']],
  ['red', ['paper', 'paper-raised', 'red-wash']],
  ['paper-raised', ['blue-deep', 'green', 'red', 'night']],
];

it.each(pairs.flatMap(([ink, surfaces]) => surfaces.map((surface) => [ink, surface])))('%s on %s', (ink, surface) => {
  const [one, other] = [luminance(ink!), luminance(surface!)];
  expect((Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)).toBeGreaterThanOrEqual(7);
});
