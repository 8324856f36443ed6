// Where the camera's picture lies on the screen, so that its viewport fills the frame of the photo.
import type { Viewport } from '../bindings/Viewport';

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const EASE_MS = 300;

/** The whole picture's place, mirrored: the viewport's place is the frame. */
export function placePicture(frame: Rect, viewport: Viewport): Rect {
  const width = frame.width / viewport.width;
  const height = frame.height / viewport.height;
  return {
    // Mirrored, the viewport lies as far from the right edge as it did from the left.
    x: frame.x - (1 - viewport.x - viewport.width) * width,
    y: frame.y - viewport.y * height,
    width,
    height,
  };
}

function between(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

/** A viewport on its way to another: quick first, then slow. */
export class Glide {
  #from: Viewport;
  #to: Viewport;
  #begun = Number.NEGATIVE_INFINITY;

  constructor(at: Viewport) {
    this.#from = at;
    this.#to = at;
  }

  to(target: Viewport, now: number, ms: number = EASE_MS): void {
    const { x, y, width, height } = this.#to;
    if (target.x === x && target.y === y && target.width === width && target.height === height) return;
    this.#from = ms > 0 ? this.at(now) : target;
    this.#to = target;
    this.#begun = ms > 0 ? now : Number.NEGATIVE_INFINITY;
  }

  at(now: number): Viewport {
    const share = Math.min(1, Math.max(0, (now - this.#begun) / EASE_MS));
    const eased = 1 - (1 - share) ** 3;
    return {
      x: between(this.#from.x, this.#to.x, eased),
      y: between(this.#from.y, this.#to.y, eased),
      width: between(this.#from.width, this.#to.width, eased),
      height: between(this.#from.height, this.#to.height, eased),
    };
  }
}
