// Escape closes what lies on top and nothing beneath it, loses no words, and gives the focus back to what opened it.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, type Answers } from './testing/desk';

afterEach(cleanup);

type Shown = Awaited<ReturnType<typeof page>>;
const FIRST = 'open-000015-20270520115644000';
const escape = () => fireEvent.keyDown(document.activeElement ?? document.body, { key: 'Escape' });

/** Presses it as from the keyboard: it has the focus until what it opens puts it out of reach. */
async function press({ by }: Shown, id: string): Promise<void> {
  await vi.waitFor(() => expect(by(id).disabled).toBeFalsy());
  by(id).focus();
  await fireEvent.click(by(id));
}
/** What a browser does to whatever lies below. */
const letGo = () => (document.activeElement as HTMLElement | null)?.blur();

describe('Escape closes', () => {
  const dialogs: [string, string[], string, Answers?][] = [
    ['panel_orders', [FIRST, 'reject'], 'reject-question'],
    ['panel_today', ['missing-list'], 'file-pick'],
    ['panel_roster', ['roster-import'], 'file-pick'],
    ['panel_printing', ['again-p1'], 'reprint-question'],
    ['panel_printing', ['print-again', 'print-start'], 'again-question'],
    ['panel_printing', ['print-save'], 'file-pick'],
    ['panel', ['quit'], 'quit-question'],
    ['panel', ['erase-C5UG16'], 'erase-question'],
    ['panel', ['settings-export'], 'file-pick'],
    ['panel_handover', ['handover-start'], 'file-pick'],
  ];
  it.each(dialogs)('on %s what %j opened, %s', async (name, opened, dialog) => {
    const shown = await page(name);
    const { by, has, sent } = shown;
    if (name === 'panel_handover') await fireEvent.change(by('handover-target'), { target: { value: 'folder' } });
    for (const id of opened) {
      await press(shown, id);
      if (id === 'print-again') await vi.waitFor(() => expect(by('print-orders').dataset['count']).toBe('46'));
    }
    await vi.waitFor(() => by(dialog));
    letGo();
    await escape();
    await vi.waitFor(() => expect(has(dialog)).toBe(false));
    await vi.waitFor(() => expect(document.activeElement).toBe(by(opened.at(-1)!)));
    expect(sent('close_staff')).toEqual([]);
  });
  it('the topmost of two, then the other', async () => {
    const shown = await page('panel_packing');
    const { by, has, sent } = shown;
    await press(shown, 'papers-labels');
    await vi.waitFor(() => expect(by('papers-save').disabled).toBe(false));
    await press(shown, 'papers-save');
    await vi.waitFor(() => by('file-pick'));
    letGo();
    await escape();
    await vi.waitFor(() => by('papers-preview'));
    expect(has('file-pick')).toBe(false);
    await escape();
    await vi.waitFor(() => expect(has('papers-preview')).toBe(false));
    await vi.waitFor(() => expect(document.activeElement).toBe(by('scan')));
    expect(sent('close_staff')).toEqual([]);
  });
  it('the large photo, and its place in the list has the focus', async () => {
    const shown = await page('panel_orders');
    const { by, has } = shown;
    await press(shown, FIRST);
    letGo();
    await fireEvent.keyDown(document.body, { key: 'j' });
    await escape();
    await vi.waitFor(() => expect(has('order-detail')).toBe(false));
    await vi.waitFor(() => expect(document.activeElement).toBe(by('open-000015-20270520115644001')));
  });
  it('no form while its input method is at work', async () => {
    const shown = await page('panel_sessions');
    const { by, has } = shown;
    await press(shown, 'new-session');
    await vi.waitFor(() => by('session-form'));
    await fireEvent.keyDown(by('session-name-zh'), { key: 'Escape', isComposing: true });
    expect(has('session-form')).toBe(true);
    await fireEvent.keyDown(by('session-name-zh'), { key: 'Escape' });
    await vi.waitFor(() => expect(has('session-form')).toBe(false));
    await vi.waitFor(() => expect(document.activeElement).toBe(by('new-session')));
  });
});

describe('Escape loses no words', () => {
  it('of a reason, and sends none of them', async () => {
    const shown = await page('panel_orders');
    const { by, has, sent } = shown;
    await press(shown, FIRST);
    await press(shown, 'reject');
    await press(shown, 'reject-words');
    for (const key of ['O', 'K']) await fireEvent.keyDown(document.body, { key, shiftKey: true });
    const typed = by('entry-value').textContent;
    await escape();
    // Letters of an input method that are no word yet go first.
    if (has('entry')) await escape();
    await vi.waitFor(() => expect(has('entry')).toBe(false));
    expect(has('reject-question')).toBe(true);
    expect(sent('decide')).toEqual([]);
    expect(typed).not.toBe('');
  });
  it('that were typed before the question was put away', async () => {
    const shown = await page('panel_orders', {}, { language: 'en' });
    const { by, has, sent } = shown;
    await press(shown, FIRST);
    await press(shown, 'reject');
    await press(shown, 'reject-words');
    for (const key of ['T', 'i', 'e']) await fireEvent.keyDown(document.body, { key });
    await escape();
    await escape();
    await vi.waitFor(() => expect(has('reject-question')).toBe(false));
    await press(shown, 'reject');
    await press(shown, 'reject-words');
    expect(by('entry-value').textContent).toContain('Tie');
    await fireEvent.click(by('entry-done'));
    expect(sent('decide')).toEqual([{ kind: 'decide', orders: ['order-0'], reason: 'Tie' }]);
  });
  it('of another student never', async () => {
    const shown = await page('panel_orders', {}, { language: 'en' });
    const { by, has } = shown;
    await press(shown, FIRST);
    await press(shown, 'reject');
    await press(shown, 'reject-words');
    await fireEvent.keyDown(document.body, { key: 'Q' });
    await escape();
    await escape();
    await vi.waitFor(() => expect(has('reject-question')).toBe(false));
    await fireEvent.keyDown(document.body, { key: 'j' });
    await fireEvent.keyDown(document.body, { key: 'r' });
    await press(shown, 'reject-words');
    expect(by('entry-value').textContent).not.toContain('Q');
  });
  it('of a tracking number, which is of its parcel alone', async () => {
    const shown = await page('panel_packing');
    const { by, has } = shown;
    await press(shown, 'parcel-2');
    await press(shown, 'parcel-send');
    await fireEvent.change(by('carrier'), { target: { value: 'sf' } });
    await fireEvent.input(by('tracking'), { target: { value: 'SF123' } });
    by('tracking').focus();
    await escape();
    await vi.waitFor(() => expect(has('send-question')).toBe(false));
    expect(by('parcel').dataset['parcel']).toBe('parcel-2');
    await press(shown, 'parcel-send');
    expect([by('carrier').value, by('tracking').value]).toEqual(['sf', 'SF123']);
  });
});

describe('what lies above the desk', () => {
  it('puts the keys of the desk and of the page out of reach', async () => {
    const shown = await page('panel_orders');
    const { sent } = shown;
    await press(shown, FIRST);
    await press(shown, 'reject');
    letGo();
    await fireEvent.keyDown(document.body, { key: '3', code: 'Digit3', altKey: true });
    await fireEvent.keyDown(document.body, { key: 'a' });
    expect([...sent('tab'), ...sent('decide')]).toEqual([]);
  });
});
