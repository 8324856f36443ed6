// The whole page with a view, and what a test looks for on it.
import { render } from '@testing-library/svelte';
import { expect, vi } from 'vitest';
import App from '../App.svelte';
import type { Action } from '../lib/bindings/Action';
import type { View } from '../lib/bindings/View';
import { fakeBackend, type FakeBackend } from './fake';

/** `before` changes what the backend answers, before the page asks. */
export async function show(view: View, before?: (backend: FakeBackend) => void) {
  const backend = fakeBackend(view);
  before?.(backend);
  const page = render(App, { props: { backend } });
  await vi.waitFor(() => expect(page.container.querySelector('main')?.dataset['version']).toBe(String(view.version)));
  const by = (id: string): HTMLElement => {
    const found = page.container.querySelector<HTMLElement>(`[data-testid="${id}"]`);
    if (!found) throw new Error(`no ${id}`);
    return found;
  };
  const has = (id: string) => page.container.querySelector(`[data-testid="${id}"]`) !== null;
  const sent = (kind: Action['kind']) => backend.actions.filter((action) => action.kind === kind);
  return { page, backend, by, has, sent, main: page.container.querySelector('main')! };
}
