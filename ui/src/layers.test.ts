// What stays when the view changes, and what is out of reach while something lies above it.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { gallery } from './demo/gallery';
import { show } from './testing/show';

afterEach(cleanup);

describe('a photo on the screen', () => {
  it('stays when the view changes around it', async () => {
    const { backend, by, main } = await show(gallery['result_blocked']!);
    await fireEvent.load(by('photo-finished').querySelector('img')!);
    expect(by('photo-finished').dataset['state']).toBe('shown');
    const view = structuredClone(gallery['result_blocked']!);
    backend.show({ ...view, version: view.version + 1, language: 'en' });
    await vi.waitFor(() => expect(main.dataset['language']).toBe('en'));
    expect(by('photo-finished').dataset['state']).toBe('shown');
  });
});

describe('what lies above', () => {
  it('puts all below out of reach, and gives it back', async () => {
    const { by, has } = await show(gallery['panel_orders']!);
    await vi.waitFor(() => by('open-000015-20270520115644000'));
    await fireEvent.click(by('open-000015-20270520115644000'));
    await fireEvent.click(by('reject'));
    expect(by('approve').closest('[inert]')).not.toBeNull();
    expect(by('reject-cancel').closest('[inert]')).toBeNull();
    await fireEvent.click(by('reject-cancel'));
    await vi.waitFor(() => expect(has('reject-cancel')).toBe(false));
    expect(by('approve').closest('[inert]')).toBeNull();
  });
});
