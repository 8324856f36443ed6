// Printing: what is sent is what shows, nothing is printed twice by mistake, and every trouble says what to do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { prints } from './demo/printing';
import { known, message } from './lib/words';
import { page, type Answers } from './testing/desk';

afterEach(cleanup);

const printing = async (answers: Answers = {}) => {
  const shown = await page('panel_printing', answers);
  await vi.waitFor(() => expect(shown.by('print-start').disabled).toBe(false));
  return shown;
};
const press = (key: string, more: KeyboardEventInit = {}, on: Element = document.body) => fireEvent.keyDown(on, { key, ...more });

describe('the sheets', () => {
  it('show how they will look, with the pictures of the lists', async () => {
    const { by, backend } = await printing();
    expect(by('print-preview').dataset['count']).toBe('2');
    const images = [...by('print-preview-0').querySelectorAll('image')];
    expect(images).toHaveLength(4);
    for (const image of images) expect(image.getAttribute('href')).toBe(backend.photo('desk/photo-0/finished'));
    expect(by('print-preview-1').textContent).toContain('20231000');
  });
  it('tell how many they are, and what is wrong with them', async () => {
    const { by } = await printing();
    expect([by('print-orders').dataset['count'], by('print-sheets').dataset['count'], by('print-prints_each').dataset['count']]).toEqual(['26', '26', '5']);
    expect(by('print-low-dpi').textContent).toContain('254');
    expect(by('print-lacking').textContent).toContain('㛃𬭛');
  });
  it('warn of nothing where nothing is wrong', async () => {
    const { has } = await printing({ sheets: () => ({ lowestDpi: 300, lacking: [] }) });
    expect(has('print-low-dpi') || has('print-lacking') || has('print-problem')).toBe(false);
  });
  it('say why they cannot be laid out, and are not printed then', async () => {
    const { by, of } = await page('panel_printing', { sheets: () => ({ pages: [], problem: { code: 'paper.back_on_roll', params: {} } }) });
    await vi.waitFor(() => by('print-problem'));
    expect(by('print-problem').dataset['code']).toBe('paper.back_on_roll');
    expect(by('print-start').disabled && by('print-save').disabled).toBe(true);
    await press('p');
    expect(of('sheets_start')).toEqual([]);
  });
  it('go into a file where there is no printer', async () => {
    const { by, of } = await page('panel_printing', { sheets: () => ({ printer: null }), chosen_printers: () => ({ printers: [] }) });
    await vi.waitFor(() => expect(by('print-save').disabled).toBe(false));
    expect(by('print-start').disabled).toBe(true);
    await press('p');
    expect(of('sheets_start')).toEqual([]);
    expect(by('no-printer')).toBeTruthy();
    await fireEvent.click(by('print-save'));
    await vi.waitFor(() => by('entry-KINGSTON'));
    await fireEvent.click(by('entry-KINGSTON'));
    await vi.waitFor(() => expect(by('file-here').disabled).toBe(false));
    await fireEvent.click(by('file-here'));
    await vi.waitFor(() => expect(of('sheets_start')).toHaveLength(1));
    expect(of('sheets_start')[0]).toMatchObject({ folder: '/media/KINGSTON', wanted: { class: null, again: false, orders: [] } });
  });
  it('of a class are chosen by its link, and printed by a key', async () => {
    const { by, of } = await printing();
    await fireEvent.click(by('waiting-文学院/历史 2301 班'));
    // What shows is still all of them: it must not be sent as the class.
    await press('p');
    expect(of('sheets_start')).toEqual([]);
    await vi.waitFor(() => expect(by('print-orders').dataset['count']).toBe('9'));
    expect((by('print-class') as unknown as HTMLSelectElement).value).toContain('历史 2301 班');
    await press('p');
    await vi.waitFor(() => expect(of('sheets_start')).toHaveLength(1));
    expect(of('sheets_start')[0]).toMatchObject({ folder: null, wanted: { class: { college: '文学院', className: '历史 2301 班' }, again: false } });
  });
  it('are begun once, however fast the key comes', async () => {
    const { of } = await printing();
    await press('p');
    await press('p', { repeat: true });
    await press('P');
    await vi.waitFor(() => expect(of('sheets_start')).toHaveLength(1));
    expect(of('sheets_start')).toHaveLength(1);
  });
  it('are not printed by a letter in a box or with a modifier', async () => {
    const { by, of } = await printing();
    await press('p', {}, by('print-class'));
    await press('p', { ctrlKey: true });
    expect(of('sheets_start')).toEqual([]);
  });
  it('that were printed before are asked about', async () => {
    const { by, has, of } = await printing();
    await fireEvent.click(by('print-again'));
    await vi.waitFor(() => expect(by('print-orders').dataset['count']).toBe('46'));
    await fireEvent.click(by('print-start'));
    expect(of('sheets_start')).toEqual([]);
    expect(by('again-text').dataset['count']).toBe('46');
    await press('Escape');
    expect(has('again-question')).toBe(false);
    await fireEvent.click(by('print-start'));
    await fireEvent.click(by('again-yes'));
    await vi.waitFor(() => expect(of('sheets_start')).toHaveLength(1));
    expect(of('sheets_start')[0]).toMatchObject({ folder: null, wanted: { again: true } });
  });
  it('show how far they are', async () => {
    const job = { what: 'print', stage: 'writing', done: 3, total: 26, found: 0, path: '', failure: null, problems: [] };
    const { by } = await page('panel_printing', { job: () => ({ job: { ...job } }) });
    await vi.waitFor(() => by('job'));
    expect(by('job').textContent).toContain('3 / 26');
    await vi.waitFor(() => by('print-preview'));
    expect(by('print-start').disabled).toBe(true);
    job.stage = 'done';
    await vi.waitFor(() => expect(by('job').dataset['stage']).toBe('done'));
    await vi.waitFor(() => expect(by('print-start').disabled).toBe(false));
  });
  it('say how to begin', async () => {
    const { by } = await page('panel_printing', { sheets: () => ({ orders: 0, sheets: 0, approved: 0, waiting: [], pages: [] }) });
    await vi.waitFor(() => by('print-empty'));
    cleanup();
    const done = await page('panel_printing', { sheets: () => ({ orders: 0, sheets: 0, waiting: [], pages: [] }) });
    await vi.waitFor(() => done.by('print-nothing'));
    expect(done.by('print-start').disabled).toBe(true);
  });
  it('are only looked at by a photographer', async () => {
    const { by, has, of } = await page('panel_printing_photographer');
    await vi.waitFor(() => by('print-p5'));
    await vi.waitFor(() => by('print-preview'));
    await press('p');
    expect(['print-start', 'print-save', 'again-p2', 'cancel-p5', 'said-yes-p4'].filter(has)).toEqual([]);
    expect(of('sheets_start')).toEqual([]);
  });
});

describe('the printers', () => {
  it('say what is wrong and what to do', async () => {
    const { by } = await printing();
    await vi.waitFor(() => by('chosen-Office'));
    expect(by('chosen-Office').dataset['state']).toBe('stopped');
    const said = message('zh', { code: 'printer.media_empty', params: {} });
    expect(by('chosen-Office-printer.media_empty').textContent).toContain(said.what);
    expect(by('chosen-Office-printer.media_empty').textContent).toContain(said.fix);
    expect(by('chosen-Office-printer.cover_open')).toBeTruthy();
    expect(by('chosen-DNP DS620').textContent).toContain('12%');
  });
  it('are asked again while the page is open, and no longer', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { of } = await printing();
    await vi.advanceTimersByTimeAsync(9000);
    const before = of('chosen_printers').length;
    expect(before).toBeGreaterThanOrEqual(3);
    cleanup();
    await vi.advanceTimersByTimeAsync(9000);
    expect(of('chosen_printers')).toHaveLength(before);
    vi.useRealTimers();
  });
});

describe('the ledger', () => {
  it('asks about what is unknown, however far down it is, and keeps the answer', async () => {
    const many = Array.from({ length: 250 }, (_, at) => ({ ...prints[3]!, id: `d${at}`, state: at === 230 ? 'unknown' : 'done' }));
    const { by, of } = await printing({ prints: ({ offset, limit }) => ({ kind: 'prints', rows: many.slice(offset, offset + limit), offset, total: 250, unknown: 1 }) });
    await vi.waitFor(() => by('doubtful-d230'));
    await fireEvent.click(by('said-no-d230'));
    await vi.waitFor(() => expect(of('print_said')).toEqual([{ kind: 'print_said', id: 'd230', printed: false, gone: false }]));
  });
  it('notes nothing where the printer cannot be asked, unless it is gone for good', async () => {
    const { by, has, of } = await printing({ print_said: ({ gone }) => (gone ? { kind: 'done' } : Promise.reject({ code: 'print.not_taken_back', params: {} })) });
    await vi.waitFor(() => by('said-no-p4'));
    expect(has('said-gone-p4')).toBe(false);
    await fireEvent.click(by('said-no-p4'));
    await vi.waitFor(() => by('said-gone-p4'));
    expect(by('ledger-problem').textContent).toContain(message('zh', { code: 'print.not_taken_back', params: {} }).what);
    await fireEvent.click(by('said-gone-p4'));
    await vi.waitFor(() => expect(of('print_said').at(-1)).toEqual({ kind: 'print_said', id: 'p4', printed: false, gone: true }));
    await vi.waitFor(() => expect(has('said-gone-p4')).toBe(false));
  });
  it('says how each print stands, and why one failed', async () => {
    const { by, has } = await printing();
    await vi.waitFor(() => by('print-p2'));
    expect(['p6', 'p5', 'p4', 'p3', 'p2'].map((id) => by(`print-${id}`).dataset['state'])).toEqual(['intended', 'submitted', 'unknown', 'done', 'failed']);
    expect(by('why-p2').textContent).toContain(known('zh', 'print_failure', 'refused'));
    expect(by('why-p2').textContent).toContain(message('zh', { code: 'printer.options_unsupported', params: {} }).fix);
    expect(by('print-p1').textContent).toContain(known('zh', 'printing', 'file'));
    // Only what is settled and was not yet reprinted can be; only what the printer has can be taken back.
    expect(['again-p6', 'again-p5', 'again-p4', 'again-p3', 'cancel-p6', 'cancel-p4'].filter(has)).toEqual([]);
    await fireEvent.click(by('said-yes-p4'));
  });
  it('takes a job back', async () => {
    const { by, of } = await printing();
    await vi.waitFor(() => by('cancel-p5'));
    await fireEvent.click(by('cancel-p5'));
    await vi.waitFor(() => expect(of('print_cancel')).toEqual([{ kind: 'print_cancel', id: 'p5' }]));
  });
  it('prints again only after a question that says how many new copies there will be', async () => {
    const { by, has, of } = await printing();
    await vi.waitFor(() => by('again-p1'));
    await fireEvent.click(by('again-p1'));
    expect(of('print_again')).toEqual([]);
    expect(by('reprint-text').textContent).toContain('24');
    await press('p');
    expect(of('sheets_start')).toEqual([]);
    await press('Escape');
    expect(has('reprint-question')).toBe(false);
    await fireEvent.click(by('again-p1'));
    const before = of('prints').length;
    await fireEvent.click(by('reprint-yes'));
    await vi.waitFor(() => expect(of('print_again')).toEqual([{ kind: 'print_again', id: 'p1', language: 'zh' }]));
    await vi.waitFor(() => expect(of('prints').length).toBeGreaterThan(before));
  });
  it('says what could not be done', async () => {
    const { by } = await printing({
      print_cancel: () => {
        throw Object.assign(new Error(), { code: 'printer.no_such_job', params: {} });
      },
    });
    await vi.waitFor(() => by('cancel-p5'));
    await fireEvent.click(by('cancel-p5'));
    await vi.waitFor(() => expect(by('ledger-problem').dataset['code']).toBe('printer.no_such_job'));
  });
});

describe('every code of a printer, of the ledger and of paper', () => {
  const rust = (path: string) => readFileSync(join(import.meta.dirname, '../../crates', path), 'utf8');
  const found = ['spool/src/error.rs', 'spool/src/reason.rs', 'spool/src/trouble.rs', 'spool/src/quota.rs', 'paper/src/error.rs'].flatMap((path) => [...rust(path).matchAll(/"((?:printer|spool|paper)\.[a-z_]+)"/g)].map((match) => match[1]!));
  it('says what happened and what to do, in both languages', () => {
    expect(new Set(found).size).toBeGreaterThan(50);
    for (const code of found)
      for (const language of ['zh', 'en'] as const) {
        const words = message(language, { code, params: {} });
        expect(words.what, code).not.toContain(code);
        expect(words.what && words.fix, `${language} ${code}`).toBeTruthy();
        // Nothing of the program fills these sentences.
        expect(words.what + words.fix, code).not.toMatch(/[{}]/);
      }
  });
  it('that the ledger keeps has words', () => {
    const codes = (from: string, pattern: RegExp) => [...from.matchAll(pattern)].map((match) => match[1]!);
    const ledger = rust('spool/src/ledger.rs');
    const states = codes(ledger.split('impl State')[1]!.split('counts')[0]!, /=> "([a-z_]+)"/g);
    const failures = codes(ledger.split('impl Failure')[1]!.split('pub fn why')[0]!, /=> "([a-z_]+)"/g);
    expect([states.length, failures.length]).toEqual([5, 6]);
    for (const language of ['zh', 'en'] as const) {
      for (const code of states) expect(known(language, 'print_state', code), code).not.toBeNull();
      for (const code of failures) expect(known(language, 'print_failure', code), code).not.toBeNull();
    }
  });
});
