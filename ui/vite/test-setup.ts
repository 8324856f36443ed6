// What the tests' document lacks: a canvas that draws and pictures that decode.
import { vi } from 'vitest';

HTMLCanvasElement.prototype.getContext = vi.fn(() => null) as never;
