// Printing the photos of single students: chosen in the review, said plainly where they are printed.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { gallery } from './demo/gallery';
import { page, type Answers } from './testing/desk';

afterEach(cleanup);

const number = (index: number) => `000015-20270520115644${String(index).padStart(3, '0')}`;
/** Its review has passed. */
const APPROVED = 3;
const press = (key: string) => fireEvent.keyDown(document.body, { key });

async function review(answers: Answers = {}, name = 'panel_orders') {
  const shown = await page(name, answers);
  await vi.waitFor(() => shown.by(`open-${number(0)}`));
  const pick = (...indices: number[]) => Promise.all(indices.map((index) => fireEvent.click(shown.by(`choose-${number(index)}`))));
  /** The program shows the page that was asked for. */
  const printing = async () => {
    await vi.waitFor(() => expect(shown.sent('tab').at(-1)).toEqual({ kind: 'tab', tab: 'printing' }));
    shown.backend.show({ ...gallery['panel_printing']!, version: 2 });
    await vi.waitFor(() => shown.by('print-preview'));
  };
  return { ...shown, pick, printing };
}

describe('one student', () => {
  it('is printed from the large photo, by a button or a key', async () => {
    const { by, sent, printing, of } = await review();
    await fireEvent.click(by(`open-${number(APPROVED)}`));
    await press('P');
    expect(sent('tab')).toHaveLength(1);
    await fireEvent.click(by('print-order'));
    await printing();
    await vi.waitFor(() => expect(by('picked-order-3').textContent).toContain('李雨桐 20231003'));
    expect(by('picked').dataset['count']).toBe('1');
    expect(of('sheets').at(-1)).toMatchObject({ class: null, again: false, orders: ['order-3'] });
  });
  it('whose review has not passed is not offered', async () => {
    const { by, has, sent } = await review();
    await fireEvent.click(by(`open-${number(0)}`));
    await press('p');
    expect(has('print-order')).toBe(false);
    expect(sent('tab')).toEqual([]);
  });
  it('is not printed by a photographer', async () => {
    const { by, has, sent, pick } = await review({}, 'panel_photographer');
    await pick(3);
    await fireEvent.click(by(`open-${number(APPROVED)}`));
    await press('p');
    expect(has('print-order') || has('print-chosen')).toBe(false);
    expect(sent('tab')).toEqual([]);
  });
});

describe('some students', () => {
  it('are named, previewed and printed alone, and a copy of what was printed is asked about', async () => {
    const { by, has, pick, printing, of } = await review();
    await pick(3, 8);
    await fireEvent.click(by('print-chosen'));
    await printing();
    expect(by('picked').dataset['count']).toBe('2');
    expect(has('print-class') || has('print-again')).toBe(false);
    await vi.waitFor(() => expect(by('print-reprints').dataset['count']).toBe('1'));
    await fireEvent.click(by('print-start'));
    expect(of('sheets_start')).toEqual([]);
    expect(by('again-text').dataset).toMatchObject({ count: '2', reprints: '1' });
    await fireEvent.click(by('again-yes'));
    await vi.waitFor(() => expect(of('sheets_start')).toEqual([{ kind: 'sheets_start', wanted: { class: null, again: false, orders: ['order-3', 'order-8'], language: 'zh' }, folder: null }]));
    // The choice stays: the same key does not print everybody else.
    expect(by('picked').dataset['count']).toBe('2');
  });
  it('that were never printed are not asked about', async () => {
    const { by, has, pick, printing, of } = await review({ sheets: ({ orders }) => ({ orders: orders.length || 26, reprints: 0 }) });
    await pick(3);
    await fireEvent.click(by('print-chosen'));
    await printing();
    await vi.waitFor(() => expect(by('print-orders').dataset['count']).toBe('1'));
    expect(has('print-reprints')).toBe(false);
    await fireEvent.click(by('print-start'));
    await vi.waitFor(() => expect(of('sheets_start')).toHaveLength(1));
  });
  it('of whom one cannot be printed are said to', async () => {
    const { by, pick, printing } = await review({ sheets: ({ orders }) => ({ orders: Math.max(0, orders.length - 1), reprints: 0 }) });
    await pick(0, 3);
    await fireEvent.click(by('print-chosen'));
    await printing();
    await vi.waitFor(() => expect(by('picked-unprintable').dataset['count']).toBe('1'));
  });
  it('give way to all again, one by one or at once', async () => {
    const { by, has, pick, printing, of } = await review();
    await pick(3, 8);
    await fireEvent.click(by('print-chosen'));
    await printing();
    await fireEvent.click(by('drop-order-3'));
    await vi.waitFor(() => expect(of('sheets').at(-1)?.orders).toEqual(['order-8']));
    await fireEvent.click(by('picked-all'));
    await vi.waitFor(() => expect(of('sheets').at(-1)).toMatchObject({ orders: [], class: null }));
    expect(has('picked')).toBe(false);
    expect(has('print-class')).toBe(true);
  });
  it('give way to a class that is chosen', async () => {
    const { by, has, pick, printing, of } = await review();
    await pick(3);
    await fireEvent.click(by('print-chosen'));
    await printing();
    await fireEvent.click(by('waiting-文学院/历史 2301 班'));
    await vi.waitFor(() => expect(of('sheets').at(-1)).toMatchObject({ orders: [], class: { className: '历史 2301 班' } }));
    expect(has('picked')).toBe(false);
  });
  it('are more than show: the rest is counted', async () => {
    const ids = Array.from({ length: 30 }, (_, at) => `order-${at}`);
    const { by, printing, of } = await review({ order_ids: () => ({ kind: 'order_ids', ids }) });
    await fireEvent.click(by('choose-all'));
    await vi.waitFor(() => expect(by('chosen').dataset['count']).toBe('30'));
    await fireEvent.click(by('print-chosen'));
    await printing();
    expect(by('picked').textContent).toContain('18');
    await vi.waitFor(() => expect(of('order')).toHaveLength(12));
  });
});
