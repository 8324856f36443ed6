// A parcel: what is missing, how it closes and leaves, and the papers that go with it.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { detail, missed, parcel, sheet } from './demo/packing';
import { CARRIERS } from './desk/packing';
import type { DeskAnswer } from './lib/bindings/DeskAnswer';
import type { JobView } from './lib/bindings/JobView';
import { known } from './lib/words';
import { page, type Answers } from './testing/desk';

afterEach(cleanup);

const packing = async (answers: Answers = {}) => {
  const shown = await page('panel_packing', answers);
  await vi.waitFor(() => shown.by('parcel-3'));
  return shown;
};
const press = (key: string) => fireEvent.keyDown(document.body, { key });
const job = (stage: string, path = ''): JobView => ({ what: 'papers', stage, done: 1, total: 3, found: 0, path, failure: null, problems: [] });

describe('a parcel', () => {
  it('shows what is missing, what was printed first, and gives a sheet back', async () => {
    const { by, of } = await packing();
    await fireEvent.click(by('parcel-3'));
    await vi.waitFor(() => by('missing-order-10'));
    const missing = [...by('parcel-missing').querySelectorAll<HTMLElement>('[data-testid^="missing-"]')];
    expect(missing.map((one) => one.dataset['printed'])).toEqual(['true', 'false', 'false']);
    await fireEvent.click(by(`unpack-${sheet(0).code}`));
    expect(of('unpack')).toEqual([{ kind: 'unpack', code: sheet(0).code }]);
  });
  it('with somebody missing asks first and names them', async () => {
    const { by, has, of } = await packing();
    await fireEvent.click(by('parcel-3'));
    await vi.waitFor(() => by('parcel-close'));
    await press('F2');
    expect(by('close-missing').textContent).toContain('徐若曦');
    expect(by('close-missing').textContent).toContain('孙梦瑶');
    expect(of('parcel_step')).toEqual([]);
    await press('Escape');
    expect(has('close-question')).toBe(false);
    await vi.waitFor(() => expect(document.activeElement).toBe(by('scan')));
    await fireEvent.click(by('parcel-close'));
    await fireEvent.click(by('close-yes'));
    await vi.waitFor(() => expect(of('parcel_step')).toEqual([{ kind: 'parcel_step', id: 'parcel-3', state: 'closed', carrier: '', tracking: '' }]));
    expect(has('close-question')).toBe(false);
  });
  it('that is whole closes at once', async () => {
    const { by, has, of } = await packing({ parcel: () => ({ kind: 'parcel', ...detail('parcel-3'), missing: [] }) });
    await fireEvent.click(by('parcel-3'));
    await vi.waitFor(() => by('parcel-close'));
    await fireEvent.click(by('parcel-close'));
    expect(has('close-question')).toBe(false);
    await vi.waitFor(() => expect(of('parcel_step')[0]).toMatchObject({ state: 'closed' }));
  });
  it('that is closed can be opened again', async () => {
    const { by, of } = await packing();
    await fireEvent.click(by('parcel-2'));
    await vi.waitFor(() => by('parcel-reopen'));
    await press('F2');
    await vi.waitFor(() => expect(of('parcel_step')[0]).toMatchObject({ id: 'parcel-2', state: 'open' }));
  });
  it('leaves with a carrier and a number that is scanned, and not before it is confirmed', async () => {
    const { by, has, of } = await packing();
    await fireEvent.click(by('parcel-2'));
    await vi.waitFor(() => by('parcel-send'));
    await press('F4');
    expect(by('send-yes').disabled).toBe(true);
    await fireEvent.change(by('carrier'), { target: { value: 'sf' } });
    expect(by('send-yes').disabled).toBe(true);
    await vi.waitFor(() => expect(document.activeElement).toBe(by('tracking')));
    await fireEvent.input(by('tracking'), { target: { value: ' SF1234567890123 ' } });
    await fireEvent.keyDown(by('tracking'), { key: 'Enter' });
    expect(of('parcel_step')).toEqual([]);
    await fireEvent.click(by('send-yes'));
    await vi.waitFor(() => expect(of('parcel_step')).toEqual([{ kind: 'parcel_step', id: 'parcel-2', state: 'sent', carrier: '顺丰速运', tracking: 'SF1234567890123' }]));
    expect(has('send-question')).toBe(false);
  });
  it('leaves with a carrier of any name, or by hand without a number', async () => {
    const { by, of } = await packing();
    await fireEvent.click(by('parcel-2'));
    await vi.waitFor(() => by('parcel-send'));
    await fireEvent.click(by('parcel-send'));
    await fireEvent.change(by('carrier'), { target: { value: 'own' } });
    expect(by('send-yes').disabled).toBe(true);
    await fireEvent.input(by('carrier-own'), { target: { value: '校车' } });
    await fireEvent.click(by('send-yes'));
    await vi.waitFor(() => expect(of('parcel_step')[0]).toMatchObject({ carrier: '校车', tracking: '' }));
    await vi.waitFor(() => by('parcel-send'));
    await fireEvent.click(by('parcel-send'));
    // The carrier of the last parcel is there again.
    expect(by('carrier').value).toBe('own');
    await fireEvent.change(by('carrier'), { target: { value: 'hand' } });
    expect(by('send-yes').disabled).toBe(false);
    for (const code of CARRIERS) for (const language of ['zh', 'en'] as const) expect(known(language, 'carrier', code), code).not.toBeNull();
  });
  it('is left by Escape, and the desk stays', async () => {
    const { by, has, sent } = await packing();
    await fireEvent.click(by('parcel-3'));
    await vi.waitFor(() => by('parcel'));
    await fireEvent.keyDown(by('scan'), { key: 'Escape' });
    await vi.waitFor(() => expect(has('parcel')).toBe(false));
    expect(sent('close_staff')).toEqual([]);
    await fireEvent.keyDown(by('scan'), { key: 'Escape' });
    expect(sent('close_staff')).toHaveLength(1);
  });
  it('that is another by the time its answer comes does not show', async () => {
    let late: (answer: DeskAnswer) => void = () => undefined;
    const { by } = await packing({ parcel: (request) => (request.id === 'parcel-2' ? new Promise<DeskAnswer>((resolve) => (late = resolve)) : { kind: 'parcel', ...detail(request.id) }) });
    await fireEvent.click(by('parcel-2'));
    await fireEvent.click(by('parcel-3'));
    await vi.waitFor(() => expect(by('parcel').dataset['parcel']).toBe('parcel-3'));
    late({ kind: 'parcel', ...detail('parcel-2') });
    await new Promise((resolve) => setTimeout(resolve));
    expect(by('parcel').dataset['parcel']).toBe('parcel-3');
  });
});

describe('papers', () => {
  it('are looked at and printed, with progress', async () => {
    const jobs = [null, job('writing'), job('done')];
    const { by, has, of } = await packing({ job: () => ({ kind: 'job', job: jobs.length > 1 ? jobs.shift()! : jobs[0]! }) });
    expect(has('papers-envelopes') || has('papers-mailing')).toBe(false);
    await fireEvent.click(by('papers-packing'));
    await vi.waitFor(() => by('papers-pages'));
    expect(of('papers')).toEqual([{ kind: 'papers', what: 'packing', ids: [], class: null, language: 'zh' }]);
    expect(by('papers-total').dataset['count']).toBe('3');
    expect(by('papers-pages').dataset['count']).toBe('2');
    expect(by('papers-lacking').textContent).toContain('𬎆');
    await fireEvent.click(by('papers-print'));
    await vi.waitFor(() => expect(by('job').dataset['stage']).toBe('writing'));
    expect(has('papers-preview')).toBe(false);
    expect(of('papers_start')).toEqual([{ kind: 'papers_start', wanted: { what: 'packing', ids: [], class: null, language: 'zh' }, folder: null }]);
    expect(by('papers-labels').disabled).toBe(true);
    await vi.waitFor(() => expect(by('job').dataset['stage']).toBe('done'));
    expect(by('papers-labels').disabled).toBe(false);
  });
  it('of the open parcel go to a folder', async () => {
    const { by, of } = await packing();
    await fireEvent.click(by('parcel-2'));
    await vi.waitFor(() => by('parcel'));
    await fireEvent.click(by('papers-labels'));
    await vi.waitFor(() => by('papers-pages'));
    await fireEvent.click(by('papers-save'));
    await vi.waitFor(() => by('entry-KINGSTON'));
    await fireEvent.click(by('entry-KINGSTON'));
    await vi.waitFor(() => expect(by('file-here').disabled).toBe(false));
    await fireEvent.click(by('file-here'));
    await vi.waitFor(() => expect(of('papers_start')[0]).toMatchObject({ wanted: { what: 'labels', ids: ['parcel-2'] }, folder: '/media/KINGSTON' }));
  });
  it('that are receipts name the class, or the order of one student', async () => {
    const one = { parcel: parcel(2, 'closed', 0, 1, { order: 'order-9', college: '林晓航', className: '20230001' }), sheets: [], missing: [missed(1, true)] };
    const { by, of } = await packing({ parcel: (request) => ({ kind: 'parcel', ...(request.id === 'parcel-2' ? one : detail(request.id)) }) });
    await fireEvent.click(by('parcel-3'));
    await vi.waitFor(() => by('parcel'));
    await fireEvent.click(by('papers-receipts'));
    await vi.waitFor(() => expect(of('papers')[0]).toMatchObject({ what: 'receipts', ids: [], class: { college: '文学院', className: '汉语言 2303 班' } }));
    await fireEvent.click(by('papers-cancel'));
    await fireEvent.click(by('parcel-2'));
    await vi.waitFor(() => expect(by('parcel').dataset['parcel']).toBe('parcel-2'));
    await fireEvent.click(by('papers-receipts'));
    await vi.waitFor(() => expect(of('papers')[1]).toMatchObject({ ids: ['order-9'], class: null }));
  });
  it('without a printer say so where they are looked at', async () => {
    const { by } = await packing({ papers_start: () => Promise.reject({ code: 'printer.unreachable', params: {} }) });
    await fireEvent.click(by('papers-labels'));
    await vi.waitFor(() => by('papers-pages'));
    await fireEvent.click(by('papers-print'));
    await vi.waitFor(() => expect(by('papers-preview').querySelector('[data-testid="notice"]')).not.toBeNull());
  });
});
