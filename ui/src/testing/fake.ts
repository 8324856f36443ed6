// A backend for tests: it shows what it is given and notes what it is sent.
import { vi } from 'vitest';
import { deskAnswer } from '../demo/desk';
import type { Action } from '../lib/bindings/Action';
import type { View } from '../lib/bindings/View';
import type { Backend, PinyinAnswer } from '../lib/backend';

export interface FakeBackend extends Backend {
  actions: Action[];
  show(view: View): void;
  answers: Record<string, PinyinAnswer>;
}

export function fakeBackend(first: View): FakeBackend {
  const listeners = new Set<(view: View) => void>();
  const actions: Action[] = [];
  const answers: Record<string, PinyinAnswer> = {};
  return {
    actions,
    answers,
    show: (view) => listeners.forEach((listener) => listener(view)),
    view: () => Promise.resolve(first),
    listen: (onView) => {
      listeners.add(onView);
      return Promise.resolve(() => listeners.delete(onView));
    },
    act: (action) => {
      actions.push(action);
      return Promise.resolve();
    },
    desk: (request) => Promise.resolve(deskAnswer(request)),
    pinyin: (letters) => Promise.resolve(answers[letters] ?? { syllables: [letters], list: [] }),
    photo: (path) => `cam://localhost/${path}`,
    // No camera: a request hangs until the live view is closed.
    frame: vi.fn((_seq: number, signal: AbortSignal) => new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null)))),
  };
}
