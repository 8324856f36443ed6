// Where the camera's picture lies on the screen, so that its viewport fills the frame of the photo.
import type { Viewport } from '../bindings/Viewport';

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const EASE_MS = 300;

/**
 * The whole picture's place, mirrored, for a picture of a shape (width by height): the viewport's middle is the
 * frame's, and nothing is ever stretched. A viewport of another shape than the frame covers it, or fits into it.
 */
export function placePicture(frame: Rect, viewport: Viewport, shape: number, fit: 'cover' | 'contain' = 'cover'): Rect {
  const [across, down] = [frame.width / (viewport.width * shape), frame.height / viewport.height];
  const height = fit === 'cover' ? Math.max(across, down) : Math.min(across, down);
  const width = height * shape;
  return {
    // Mirrored, the viewport lies as far from the right edge as it did from the left.
    x: frame.x + frame.width / 2 - (1 - viewport.x - viewport.width / 2) * width,
    y: frame.y + frame.height / 2 - (viewport.y + viewport.height / 2) * height,
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
