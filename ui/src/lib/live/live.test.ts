// One request at a time, stale pictures dropped, errors waited out; and where the picture lies.
import { describe, expect, it, vi } from 'vitest';
import type { Frame } from '../backend';
import { LONGEST_BACKOFF_MS, runLive, type LiveParts } from './loop';
import { EASE_MS, Glide, placePicture } from './place';

const picture = new Blob(['x']);
type Answer = Frame | null | Error;

function play(answers: Answer[], more: Partial<LiveParts<Blob>> = {}) {
  const stop = new AbortController();
  const drawn: number[] = [];
  const asked: number[] = [];
  const waits: number[] = [];
  const flow: boolean[] = [];
  let inFlight = 0;
  let most = 0;
  const parts: LiveParts<Blob> = {
    async fetch(after) {
      asked.push(after);
      most = Math.max(most, (inFlight += 1));
      await Promise.resolve();
      inFlight -= 1;
      const answer = answers.shift();
      if (answers.length === 0) stop.abort();
      if (answer instanceof Error) throw answer;
      return answer ?? null;
    },
    decode: async (blob) => blob,
    draw: (_picture, seq) => drawn.push(seq),
    flowing: (yes) => flow.push(yes),
    wait: async (ms) => void waits.push(ms),
    ...more,
  };
  return { done: runLive(parts, stop.signal), stop, drawn, asked, waits, flow, most: () => most };
}
const frame = (seq: number): Frame => ({ seq, picture });

describe('the live view', () => {
  it('asks for what comes after the last picture, one request at a time', async () => {
    const run = play([frame(3), frame(4), frame(9), null]);
    await run.done;
    expect(run.drawn).toEqual([3, 4, 9]);
    expect(run.asked).toEqual([0, 3, 4, 9]);
    expect(run.most()).toBe(1);
  });
  it('does not ask again before a picture is decoded', async () => {
    let release: () => void = () => undefined;
    const fetch = vi.fn(async () => frame(fetch.mock.calls.length));
    const stop = new AbortController();
    const run = runLive(
      { fetch, decode: (blob) => new Promise<Blob>((resolve) => (release = () => resolve(blob))), draw: () => stop.abort(), flowing: () => undefined, wait: async () => undefined },
      stop.signal,
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(fetch).toHaveBeenCalledTimes(1);
    release();
    await run;
    // The next is on its way while this one is drawn, and no more than the next.
    expect(fetch).toHaveBeenCalledTimes(2);
  });
  it('drops a picture that is not newer, and breathes before it asks again', async () => {
    const run = play([frame(5), frame(5), frame(4), frame(6), null]);
    await run.done;
    expect(run.drawn).toEqual([5, 6]);
    expect(run.waits).toHaveLength(2);
  });
  it('waits longer after each error, to a limit, and goes on', async () => {
    const broken = Array.from({ length: 8 }, () => new Error('gone'));
    const run = play([...broken, frame(1), null]);
    await run.done;
    expect(run.drawn).toEqual([1]);
    expect(run.waits.slice(0, 3)).toEqual([100, 200, 400]);
    expect(Math.max(...run.waits)).toBe(LONGEST_BACKOFF_MS);
    expect(run.flow.at(0)).toBe(false);
  });
  it('says when pictures stop and when they come again', async () => {
    const run = play([frame(1), null, frame(2), null]);
    await run.done;
    expect(run.flow).toEqual([true, false, true]);
  });
  it('survives a picture that cannot be decoded', async () => {
    let times = 0;
    const run = play([frame(1), frame(2), null], {
      decode: async (blob) => {
        times += 1;
        if (times === 1) throw new Error('no JPEG');
        return blob;
      },
    });
    await run.done;
    expect(run.drawn).toEqual([2]);
  });
  it('draws nothing after it was stopped', async () => {
    const stop = new AbortController();
    const draw = vi.fn();
    const run = runLive(
      { fetch: async () => (stop.abort(), frame(1)), decode: async (blob) => blob, draw, flowing: () => undefined, wait: async () => undefined },
      stop.signal,
    );
    await run;
    expect(draw).not.toHaveBeenCalled();
  });
});

describe('the place of the picture', () => {
  const box = { x: 100, y: 50, width: 300, height: 400 };

  it('is the frame where all of a picture of its shape shows', () => {
    expect(placePicture(box, { x: 0, y: 0, width: 1, height: 1 }, 3 / 4)).toEqual(box);
  });
  it('puts the viewport on the frame, mirrored', () => {
    const place = placePicture(box, { x: 0.1, y: 0.2, width: 0.5, height: 0.5 }, 3 / 4);
    expect(place.width).toBe(600);
    // The left edge of the viewport is the right edge of the frame.
    expect(place.x + place.width * (1 - 0.1)).toBeCloseTo(box.x + box.width);
    expect(place.x + place.width * (1 - 0.6)).toBeCloseTo(box.x);
    expect(place.y + place.height * 0.2).toBeCloseTo(box.y);
  });
  it('stretches nothing, whatever the viewport', () => {
    const whole = { x: 0, y: 0, width: 1, height: 1 };
    const over = placePicture(box, whole, 16 / 9);
    expect(over).toEqual({ x: 250 - (400 * 16) / 9 / 2, y: 50, width: (400 * 16) / 9, height: 400 });
    const within = placePicture(box, whole, 16 / 9, 'contain');
    expect(within.width).toBe(300);
    expect(within.width / within.height).toBeCloseTo(16 / 9);
    expect(within.y + within.height / 2).toBeCloseTo(250);
  });
  it('glides to a new viewport and arrives', () => {
    const from = { x: 0, y: 0, width: 1, height: 1 };
    const to = { x: 0.4, y: 0, width: 0.5, height: 1 };
    const glide = new Glide(from);
    glide.to(to, 1000);
    expect(glide.at(1000)).toEqual(from);
    const half = glide.at(1000 + EASE_MS / 2);
    expect(half.x).toBeGreaterThan(0.2);
    expect(half.x).toBeLessThan(0.4);
    expect(glide.at(1000 + EASE_MS)).toEqual(to);
    glide.to({ ...to }, 5000);
    expect(glide.at(5000)).toEqual(to);
  });
  it('jumps where motion is not wanted', () => {
    const glide = new Glide({ x: 0, y: 0, width: 1, height: 1 });
    const to = { x: 0.2, y: 0.1, width: 0.5, height: 0.5 };
    glide.to(to, 10, 0);
    expect(glide.at(10)).toEqual(to);
  });
});
