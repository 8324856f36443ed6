// Packing: what is scanned, what it sounds like, and what is still to be packed.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parcel, sheet } from './demo/packing';
import { gallery } from './demo/gallery';
import type { DeskAnswer } from './lib/bindings/DeskAnswer';
import type { ScanView } from './lib/bindings/ScanView';
import { known } from './lib/words';
import { page, type Answers } from './testing/desk';

const sound = vi.hoisted(() => ({ accepted: vi.fn(), refused: vi.fn(), tick: vi.fn(), shutter: vi.fn(), chime: vi.fn() }));
vi.mock('./lib/sound', () => sound);
beforeEach(() => Object.values(sound).forEach((one) => one.mockClear()));
afterEach(cleanup);

const CODE = '000015-20270520115644610.1';
const OUTCOMES = ['put', 'already_in', 'in_other', 'wrong_parcel', 'old_copy', 'not_in_force', 'no_such_sheet', 'not_open', 'parcel'];
/** The packing page with some of its answers other than the gallery's. */
async function packing(answers: Answers = {}, name = 'panel_packing', sounds = true) {
  const shown = await page(name, answers, { status: { ...gallery[name]!.status, sound: sounds } });
  await vi.waitFor(() => shown.by('parcel-3'));
  const scan = async (code: string) => {
    await fireEvent.input(shown.by('scan'), { target: { value: code } });
    await fireEvent.keyDown(shown.by('scan'), { key: 'Enter' });
  };
  return { ...shown, scan };
}
const press = (key: string) => fireEvent.keyDown(document.body, { key });
const scanned = (outcome: string, more: Partial<ScanView> = {}): DeskAnswer => ({ kind: 'scanned', outcome, parcel: 'parcel-3', number: null, code: CODE, name: '王一诺', className: '汉语言 2303 班', ...more });

describe('a scan', () => {
  it('goes into the field that always has the focus, and empties it', async () => {
    const { by, scan, of } = await packing();
    await vi.waitFor(() => expect(document.activeElement).toBe(by('scan')));
    await scan(CODE);
    expect(of('scan')).toEqual([{ kind: 'scan', parcel: null, code: CODE }]);
    expect(by('scan').value).toBe('');
    await fireEvent.focus(by('parcels-all'));
    by('parcels-all').focus();
    by('parcels-all').blur();
    await vi.waitFor(() => expect(document.activeElement).toBe(by('scan')));
  });
  it('typed while a button has the focus lands in the field and presses nothing', async () => {
    const { by } = await packing();
    by('begin-历史学院/历史 2301 班').focus();
    await fireEvent.keyDown(by('begin-历史学院/历史 2301 班'), { key: '0' });
    expect(document.activeElement).toBe(by('scan'));
  });
  it('shows the student large and green, says so, and opens the parcel for the next one', async () => {
    const { by, scan, of } = await packing({ scan: () => scanned('put') });
    await scan(CODE);
    await vi.waitFor(() => by('parcel'));
    expect(by('scan-outcome').dataset).toMatchObject({ outcome: 'put', tone: 'green' });
    expect(by('scan-name').textContent).toBe('王一诺');
    expect(by('scan-outcome').textContent).toContain('第 3 包');
    expect([sound.accepted.mock.calls.length, sound.refused.mock.calls.length]).toEqual([1, 0]);
    expect(by('parcel').dataset['parcel']).toBe('parcel-3');
    await scan(CODE);
    expect(of('scan').at(-1)).toMatchObject({ parcel: 'parcel-3' });
  });
  it.each(OUTCOMES.filter((one) => one !== 'put' && one !== 'parcel'))('that is %s sounds bad and is no green', async (outcome) => {
    const { by, scan } = await packing({ scan: () => scanned(outcome, { number: 5 }) });
    await scan(CODE);
    await vi.waitFor(() => by('scan-outcome'));
    expect(by('scan-outcome').dataset['tone']).toBe(outcome === 'already_in' ? 'amber' : 'red');
    expect([sound.accepted.mock.calls.length, sound.refused.mock.calls.length]).toEqual([0, 1]);
    for (const language of ['zh', 'en'] as const) expect(known(language, 'outcome', outcome), outcome).not.toBeNull();
    if (outcome === 'wrong_parcel' || outcome === 'in_other') expect(by('scan-outcome').textContent).toContain('第 5 包');
  });
  it('of a label opens its parcel', async () => {
    const { by, scan } = await packing();
    await scan('os5pwe-P2');
    await vi.waitFor(() => expect(by('parcel').dataset['parcel']).toBe('parcel-2'));
    expect(by('scan-outcome').dataset['tone']).toBe('blue');
    expect(by('scan-name').textContent).toBe('汉语言 2302 班');
    expect(by('scan-outcome').textContent).toContain('打开了第 2 包');
    expect(sound.accepted).toHaveBeenCalledTimes(1);
  });
  it('says the class where the right parcel has not been begun', async () => {
    const { by, scan } = await packing({ scan: () => scanned('wrong_parcel', { number: null, className: '历史 2301 班' }) });
    await scan(CODE);
    await vi.waitFor(() => expect(by('scan-outcome').textContent).toContain('请放到：历史 2301 班'));
  });
  it('makes no sound where the kiosk makes none', async () => {
    const { by, scan } = await packing({}, 'panel_packing', false);
    await scan('nonsense');
    await vi.waitFor(() => by('scan-outcome'));
    expect([...sound.accepted.mock.calls, ...sound.refused.mock.calls]).toEqual([]);
  });
  it('that could not be asked sounds bad and says why', async () => {
    const { by, has, scan } = await packing({ scan: () => Promise.reject({ code: 'store.disk_full', params: {} }) });
    await scan(CODE);
    await vi.waitFor(() => expect(by('notice').dataset['code']).toBe('store.disk_full'));
    expect(sound.refused).toHaveBeenCalledTimes(1);
    expect(has('scan-outcome')).toBe(false);
  });
  it('is read through a Chinese input method', async () => {
    const { scan, of } = await packing();
    await scan(' 000015－２０270520115644610。1 ');
    expect(of('scan')[0]?.code).toBe(CODE);
    await scan('  ');
    expect(of('scan')).toHaveLength(1);
  });
  it('waits for the one before it', async () => {
    let first: (answer: DeskAnswer) => void = () => undefined;
    const answers = [new Promise<DeskAnswer>((resolve) => (first = resolve)), Promise.resolve(scanned('put'))];
    const { scan, of } = await packing({ scan: () => answers.shift()! });
    await scan(CODE);
    await scan(`${CODE}2`);
    expect(of('scan')).toHaveLength(1);
    first(scanned('put', { parcel: 'parcel-2' }));
    await vi.waitFor(() => expect(of('scan')).toHaveLength(2));
    expect(of('scan')[1]).toMatchObject({ parcel: 'parcel-2', code: `${CODE}2` });
  });
  it('can be taken back at once', async () => {
    const { by, has, scan, of } = await packing({ scan: () => scanned('put') });
    await scan(CODE);
    await vi.waitFor(() => by('unpack-last'));
    await fireEvent.click(by('unpack-last'));
    await vi.waitFor(() => expect(has('scan-outcome')).toBe(false));
    expect(of('unpack')).toEqual([{ kind: 'unpack', code: CODE }]);
  });
});

describe('the list', () => {
  it('has what is being packed first and what is due after it', async () => {
    const { by } = await packing();
    const ids = [...by('parcel-list').querySelectorAll<HTMLElement>('[data-testid^="parcel-"], [data-testid^="due-"]')].map((one) => one.dataset['testid']);
    expect(ids).toEqual(['parcel-3', 'due-历史 2301 班', 'due-物理 2302 班', 'parcel-2', 'parcel-1']);
    expect(by('parcel-3').textContent).toContain('9 / 12');
    expect(by('due-历史 2301 班').textContent).toContain('已印 28');
    await fireEvent.click(by('parcels-sent'));
    await vi.waitFor(() => expect(by('parcel-list').dataset['total']).toBe('1'));
  });
  it('begins the parcel of a class', async () => {
    const { by, of } = await packing();
    await fireEvent.click(by('begin-历史学院/历史 2301 班'));
    await vi.waitFor(() => expect(by('packing').dataset['open']).toBe('parcel-4'));
    expect(of('parcel_begin')).toEqual([{ kind: 'parcel_begin', class: { college: '历史学院', className: '历史 2301 班' }, order: null }]);
  });
  it('of five thousand students draws what is in sight and finds one', async () => {
    const due = Array.from({ length: 5000 }, (_, at) => ({ college: `学生${at}`, className: `2023${at}`, order: `order-${at}`, wanted: 1, printed: 1 }));
    const { by, has, of } = await packing({ parcels: () => ({ kind: 'parcels', individual: true, rows: [parcel(3, 'open', 0, 1, { order: 'o', college: '林晓航' })], due }) });
    expect(by('parcel-list').dataset['total']).toBe('5001');
    expect(by('parcel-list').querySelectorAll('[data-testid^="due-"]').length).toBeLessThan(50);
    expect(by('parcel-3').textContent).toContain('林晓航');
    await fireEvent.input(by('search-parcels'), { target: { value: '学生4321' } });
    await vi.waitFor(() => by('due-order-4321'));
    expect(has('papers-envelopes') && has('papers-mailing')).toBe(true);
    await fireEvent.click(by('begin-order-4321'));
    expect(of('parcel_begin')[0]).toMatchObject({ order: 'order-4321' });
  });
  it('says how to begin where there is nothing', async () => {
    let empty = false;
    const { by } = await packing({ parcels: () => (empty ? { rows: [], due: [] } : {}) });
    empty = true;
    await fireEvent.click(by('begin-历史学院/历史 2301 班'));
    await vi.waitFor(() => by('parcels-empty'));
  });
});

describe('a photographer', () => {
  it('packs, and leaves printing to the manager', async () => {
    const { by, has, scan, of } = await packing({ scan: () => scanned('put') }, 'panel_packing_photographer');
    await scan(CODE);
    await vi.waitFor(() => by('parcel-close'));
    expect(has(`unpack-${sheet(0).code}`)).toBe(true);
    expect(has('papers-labels') || has('job')).toBe(false);
    await press('F2');
    await fireEvent.click(by('close-yes'));
    await vi.waitFor(() => expect(of('parcel_step')[0]).toMatchObject({ state: 'closed' }));
  });
  it('leaves a parcel by Escape from wherever, and the desk stays', async () => {
    const { by, has } = await packing({}, 'panel_packing_photographer');
    await fireEvent.click(by('parcel-3'));
    await vi.waitFor(() => by('parcel'));
    await press('Escape');
    await vi.waitFor(() => expect(has('parcel')).toBe(false));
    expect(has('staff-panel')).toBe(true);
  });
});
