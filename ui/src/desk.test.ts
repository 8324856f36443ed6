// The desk: lists that come page by page, the review by keys and in bulk, forms and the roster's way in.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Pages } from './desk/pages.svelte';
import { gallery } from './demo/gallery';
import type { DeskRequest } from './lib/bindings/DeskRequest';
import { known } from './lib/words';
import { show } from './testing/show';

afterEach(cleanup);

const FIRST = '000015-20270520115644000';
const SECOND = '000015-20270520115644001';

async function desk(name: string) {
  const shown = await show(gallery[name]!);
  const asked: DeskRequest[] = [];
  const { desk: answer } = shown.backend;
  shown.backend.desk = (request) => {
    asked.push(request);
    return answer(request);
  };
  return { ...shown, asked };
}
const press = (key: string) => fireEvent.keyDown(document.body, { key });

describe('the review', () => {
  it('approves and rejects by keys and goes on to the next', async () => {
    const { by, has, sent } = await desk('panel_orders');
    await vi.waitFor(() => by(`open-${FIRST}`));
    await press('j');
    expect(by('order-detail').dataset['order']).toBe(FIRST);
    await press('a');
    expect(sent('decide')).toEqual([{ kind: 'decide', orders: ['order-0'], reason: null }]);
    await vi.waitFor(() => expect(by('order-detail').dataset['order']).toBe(SECOND));
    await press('r');
    expect(has('reject-question')).toBe(true);
    await fireEvent.click(by('reject-pitch'));
    expect(sent('decide').at(-1)).toEqual({ kind: 'decide', orders: ['order-1'], reason: 'pitch' });
  });
  it('knows its keys with caps lock and shift, and one press as one decision', async () => {
    const { by, has, sent } = await desk('panel_orders');
    await vi.waitFor(() => by(`open-${FIRST}`));
    await press('J');
    expect(by('order-detail').dataset['order']).toBe(FIRST);
    await press('X');
    expect(by('chosen').dataset['count']).toBe('1');
    await fireEvent.keyDown(document.body, { key: 'A', repeat: true });
    expect(sent('decide')).toEqual([]);
    await press('A');
    expect(sent('decide')).toEqual([{ kind: 'decide', orders: ['order-0'], reason: null }]);
    await vi.waitFor(() => expect(by('order-detail').dataset['order']).toBe(SECOND));
    await press('R');
    expect(has('reject-question')).toBe(true);
  });
  it('takes letters typed into the search box for no decision', async () => {
    const { by, sent } = await desk('panel_orders');
    await vi.waitFor(() => by(`open-${FIRST}`));
    await fireEvent.click(by(`open-${FIRST}`));
    for (const key of ['a', 'r', 'x', 'j']) await fireEvent.keyDown(by('search-orders'), { key });
    await fireEvent.keyDown(by('filter-class'), { key: 'a' });
    expect(sent('decide')).toEqual([]);
    expect(by('order-detail').dataset['order']).toBe(FIRST);
  });
  it('chooses the clean ones that wait and approves them together', async () => {
    const { by, sent, asked } = await desk('panel_orders');
    await fireEvent.click(by('choose-clean'));
    await vi.waitFor(() => expect(by('chosen').dataset['count']).toBe('2'));
    expect(asked.find((one) => one.kind === 'order_ids')).toMatchObject({ state: 'pending_review', grade: 'clean' });
    await fireEvent.click(by('approve-chosen'));
    expect(sent('decide')).toEqual([{ kind: 'decide', orders: ['order-0', 'order-1'], reason: null }]);
  });
  it('says that no finding is not a passed check', async () => {
    const { by, has } = await desk('panel_orders');
    expect(has('clean-hint')).toBe(false);
    await fireEvent.click(by('choose-clean'));
    await vi.waitFor(() => expect(by('clean-hint').textContent).toContain(known('zh', 'desk', 'clean_hint')));
    for (const language of ['zh', 'en'] as const) {
      expect(known(language, 'desk', 'choose_clean')).toMatch(/发现|finding/);
      expect(known(language, 'today', 'clean')).not.toMatch(/合格|clean|pass/i);
    }
  });
  it('lets a photographer look and not decide', async () => {
    const { by, has, sent } = await desk('panel_photographer');
    await vi.waitFor(() => by(`open-${FIRST}`));
    await fireEvent.click(by(`open-${FIRST}`));
    expect(has('approve') || has('reject') || has('choose-clean')).toBe(false);
    await press('a');
    expect(sent('decide')).toEqual([]);
  });
  it('can be taken back', async () => {
    const { sent } = await desk('panel_pending');
    await fireEvent.keyDown(document.body, { key: 'z', code: 'KeyZ', ctrlKey: true });
    expect(sent('undecide')).toHaveLength(1);
  });
  it('asks anew when a filter changes', async () => {
    const { by, asked } = await desk('panel_orders');
    await fireEvent.change(by('filter-state'), { target: { value: 'rejected' } });
    await vi.waitFor(() => expect(asked.at(-1)).toMatchObject({ kind: 'orders', state: 'rejected', offset: 0 }));
  });
});

describe('the roster', () => {
  it('is chosen, looked at and taken over', async () => {
    const { by, has, asked } = await desk('panel_roster');
    await fireEvent.click(by('roster-import'));
    await vi.waitFor(() => by('entry-KINGSTON'));
    await fireEvent.click(by('entry-KINGSTON'));
    await vi.waitFor(() => by('entry-roster.xlsx'));
    await fireEvent.click(by('entry-roster.xlsx'));
    await vi.waitFor(() => by('roster-view'));
    expect(by('roster-refused').dataset['count']).toBe('2');
    expect(by('roster-problems').textContent).toContain('17');
    await fireEvent.change(by('column-3'), { target: { value: 'name' } });
    await vi.waitFor(() => expect(asked.find((one) => one.kind === 'roster_map')).toMatchObject({ columns: ['', 'student_number', 'id_number', 'name'] }));
    await fireEvent.click(by('roster-apply'));
    await vi.waitFor(() => expect(by('roster-done').textContent).toContain('12'));
    expect(has('roster-view')).toBe(false);
  });
});

describe('the form of a session', () => {
  it('says what is wrong where it stands', async () => {
    const { by, asked } = await desk('panel_sessions');
    await vi.waitFor(() => by('new-session'));
    await fireEvent.click(by('new-session'));
    await vi.waitFor(() => by('session-form'));
    await fireEvent.input(by('session-name-zh'), { target: { value: '二〇二七届' } });
    await fireEvent.input(by('product-fee-0'), { target: { value: '13.5' } });
    await fireEvent.click(by('session-save'));
    await vi.waitFor(() => by('form-problems'));
    expect(by('session-feature-code').closest('.field')?.getAttribute('data-problem')).toBe('session.feature_code');
    expect(asked.find((one) => one.kind === 'save_session')).toMatchObject({ name: { zh: '二〇二七届' }, products: [{ feeFen: 1350 }] });
  });
});

describe('the hand-over', () => {
  it('needs a passphrase where it is encrypted, asks where, and shows how far it is', async () => {
    const { by, asked } = await desk('panel_handover');
    await vi.waitFor(() => expect(by('handover-photos').dataset['count']).toBe('96'));
    expect(by('job').dataset['stage']).toBe('writing');
    await fireEvent.change(by('handover-target'), { target: { value: 'folder' } });
    await vi.waitFor(() => by('warning-not_enciphered'));
    await fireEvent.click(by('template-by_class'));
    await vi.waitFor(() => expect(asked.filter((one) => one.kind === 'handover_plan').at(-1)).toMatchObject({ target: 'folder', template: '{college}/{class}/{student_number}_{name}.jpg' }));
    await fireEvent.click(by('job-cancel'));
    expect(asked.some((one) => one.kind === 'job_cancel')).toBe(true);
  });
});

describe('today', () => {
  it('shows who is missing and what has changed', async () => {
    const { by } = await desk('panel_today');
    await vi.waitFor(() => by('count-waiting'));
    expect(by('count-waiting').dataset['count']).toBe('51');
    expect(by('drift-light.balance').textContent).toContain('9');
    expect(by('classes').dataset['count']).toBe('3');
  });
});

describe('a long list', () => {
  it('fetches what comes into sight, once, and forgets an answer that is too old', async () => {
    const waiting: ((rows: number) => void)[] = [];
    const offsets: number[] = [];
    const pages = new Pages<number>(
      (offset, limit) =>
        new Promise((resolve) => {
          offsets.push(offset);
          waiting.push((total) => resolve({ rows: Array.from({ length: limit }, (_, at) => offset + at), offset, total }));
        }),
    );
    pages.see(0, 20);
    pages.see(0, 20);
    pages.see(190, 210);
    expect(offsets).toEqual([0, 100, 200]);
    pages.again();
    waiting.slice(0, 3).forEach((answer) => answer(5000));
    await Promise.resolve();
    expect(pages.ready).toBe(false);
    waiting[3]!(42);
    await vi.waitFor(() => expect(pages.ready).toBe(true));
    expect([pages.total, pages.row(7), pages.row(150)]).toEqual([42, 7, undefined]);
  });
});
