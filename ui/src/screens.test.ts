// Every screen renders in both languages, everything that can be pressed has a test id, and presses send the right action.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { gallery } from './demo/gallery';
import { field } from './demo/parts';
import type { Action } from './lib/bindings/Action';
import type { View } from './lib/bindings/View';
import { guardPage } from './lib/guard';
import { show } from './testing/show';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** The first order of the desk: its review is due. */
const OPEN = 'open-000015-20270520115644000';

const everything = Object.entries(gallery).flatMap(([name, view]) => (['zh', 'en'] as const).map((language) => ({ name, language, view: { ...view, language } })));

describe.each(everything)('$name in $language', ({ view }) => {
  it('renders, names itself and leaves nothing without a test id', async () => {
    const { main } = await show(view);
    expect(main.dataset['screen']).toBe(view.screen.kind);
    expect(main.textContent?.trim()).not.toBe('');
    expect(main.textContent).not.toMatch(/\{\w+\}|undefined|\[object/);
    const pressable = [...main.querySelectorAll<HTMLElement>('button, input, [role="button"]')];
    for (const one of pressable) expect(one.dataset['testid'], one.outerHTML.slice(0, 120)).toBeTruthy();
    const ids = pressable.map((one) => one.dataset['testid']);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index && id !== 'close-staff')).toEqual([]);
  });
});

describe('what stays in its place', () => {
  const steps = Object.entries(gallery).filter(([, view]) => view.step !== null);
  it.each(steps)('%s has the steps, the language switch and call staff', async (_name, view) => {
    const { by, has } = await show(view);
    expect(by('steps').dataset['step']).toBe(view.step);
    expect(has('language') && has('call-staff')).toBe(true);
    expect(has('back')).toBe(view.canGoBack);
  });
  it('does not speak Chinese in English', async () => {
    for (const name of ['agreement', 'identify', 'guidelines', 'busy', 'result_blocked', 'pin_wrong', 'trouble']) {
      const { main } = await show({ ...gallery[name]!, language: 'en', session: null });
      expect(main.textContent?.replace('中文', ''), name).not.toMatch(/[\u4e00-\u9fff]/);
      cleanup();
    }
  });
});

describe('a press', () => {
  const presses: [string, string, Action][] = [
    ['welcome', 'next', { kind: 'next' }],
    ['welcome', 'my-orders', { kind: 'my_orders' }],
    ['welcome', 'language', { kind: 'speak', language: 'en' }],
    ['welcome', 'call-staff', { kind: 'call_staff' }],
    ['agreement', 'consent-network-yes', { kind: 'answer', consent: 'network', given: true }],
    ['agreement', 'consent-compare-no', { kind: 'answer', consent: 'compare', given: false }],
    ['agreement', 'back', { kind: 'back' }],
    ['identify', 'way-code', { kind: 'way', way: 'code' }],
    ['identify', 'key-5', { kind: 'key', key: '5' }],
    ['identify', 'key-X', { kind: 'key', key: 'X' }],
    ['identify', 'key-backspace', { kind: 'key', key: 'backspace' }],
    ['identify_student', 'next', { kind: 'next' }],
    ['resume', 'resume-no', { kind: 'resume', goOn: false }],
    ['resume', 'resume-yes', { kind: 'resume', goOn: true }],
    ['delivery', 'product-electronic', { kind: 'choose', product: 'electronic' }],
    ['capture', 'shoot', { kind: 'shoot' }],
    ['capture_countdown', 'hold', { kind: 'hold' }],
    ['result', 'retake', { kind: 'retake' }],
    ['result', 'next', { kind: 'next' }],
    ['result_blocked', 'override', { kind: 'override' }],
    ['result_blocked', 'retake', { kind: 'retake' }],
    ['summary_cash', 'cash', { kind: 'cash' }],
    ['orders', 'replace-000015-20270520115644754', { kind: 'replace', order: 'order-154' }],
    ['orders', 'leave', { kind: 'leave' }],
    ['idle', 'idle-leave', { kind: 'leave' }],
    ['no_session', 'open-demonstration', { kind: 'open_demonstration' }],
    ['no_session', 'open-panel', { kind: 'staff' }],
    ['trouble', 'retry', { kind: 'retry' }],
    ['choose_pin', 'key-7', { kind: 'key', key: '7' }],
    ['declined', 'declined-pin', { kind: 'next' }],
    ['pin', 'pin-enter', { kind: 'key', key: 'enter' }],
    ['pin', 'close-staff', { kind: 'close_staff' }],
    ['override', 'reason-medical', { kind: 'reason', reason: 'medical' }],
    ['panel', 'tab-camera', { kind: 'tab', tab: 'camera' }],
    ['panel', 'work-photographer', { kind: 'work', working: 'photographer' }],
    ['panel', 'sound', { kind: 'sound', on: true }],
    ['panel', 'auto-shutter', { kind: 'auto_shutter', on: false }],
    ['panel', 'backup', { kind: 'backup' }],
    ['panel_camera', 'use-camera-stills', { kind: 'use_camera', id: 'stills' }],
    ['panel_camera', 'auto-focus', { kind: 'control', code: 'focus', value: 40 }],
    ['panel_camera', 'auto-exposure', { kind: 'control', code: 'exposure', value: null }],
    ['panel_camera', 'lock-controls', { kind: 'lock_controls', lock: true }],
    ['panel_camera', 'large-still', { kind: 'large_still', on: true }],
    ['panel_today', 'tab-roster', { kind: 'tab', tab: 'roster' }],
    ['panel_pending', 'undecide', { kind: 'undecide' }],
    ['line', 'row-5', { kind: 'select', subject: 'subject-5' }],
    ['line', 'absent', { kind: 'absent' }],
    ['line_result', 'accept', { kind: 'accept' }],
    ['line_blocked', 'dismiss-alarm', { kind: 'dismiss_alarm' }],
    ['line', 'undo', { kind: 'take_back' }],
  ];
  it.each(presses)('on %s of %s sends its action', async (name, id, action) => {
    const { by, backend } = await show(gallery[name]!);
    await fireEvent.click(by(id));
    expect(backend.actions).toContainEqual(action);
  });

  it('on a question asks first', async () => {
    const { by, sent, has } = await show(gallery['trouble']!);
    await fireEvent.click(by('restore-1'));
    expect(sent('restore')).toEqual([]);
    await fireEvent.click(by('restore-yes'));
    expect(sent('restore')).toEqual([{ kind: 'restore', backup: 1 }]);
    expect(has('restore-question')).toBe(false);
  });
  it('held on the school for a second and a half asks for staff, a short one does not', async () => {
    const { by, sent } = await show(gallery['welcome']!);
    vi.useFakeTimers();
    await fireEvent.pointerDown(by('staff'));
    vi.advanceTimersByTime(1400);
    await fireEvent.pointerUp(by('staff'));
    vi.advanceTimersByTime(1000);
    expect(sent('staff')).toEqual([]);
    await fireEvent.pointerDown(by('staff'));
    vi.advanceTimersByTime(1600);
    expect(sent('staff')).toHaveLength(1);
  });
});

describe('a key', () => {
  const press = (key: string, more: KeyboardEventInit = {}) => fireEvent.keyDown(window.document.body, { key, ...more });

  it.each([' ', 'Enter', 'PageDown', 'F5'])('%s opens the shutter', async (key) => {
    const { sent } = await show(gallery['capture']!);
    await press(key);
    expect(sent('shoot')).toHaveLength(1);
    await press(key, { repeat: true });
    expect(sent('shoot')).toHaveLength(1);
  });
  it('that a browser would reload by still opens the shutter, and reloads nothing', async () => {
    const stop = guardPage(window);
    for (const name of ['capture', 'line']) {
      const { sent } = await show(gallery[name]!);
      expect(await press('F5')).toBe(false);
      expect(sent('shoot')).toHaveLength(1);
      cleanup();
    }
    expect(await press('r', { ctrlKey: true })).toBe(false);
    expect(await fireEvent.contextMenu(document.body)).toBe(false);
    // The tests' document forgets the modifiers of a wheel.
    const zoom = Object.assign(new Event('wheel', { bubbles: true, cancelable: true }), { ctrlKey: true });
    expect(document.body.dispatchEvent(zoom)).toBe(false);
    expect(await press('a')).toBe(true);
    stop();
  });
  it('go to the shutter and not to the button that a finger pressed last', () => {
    const stop = guardPage(window);
    const button = document.body.appendChild(document.createElement('button'));
    button.focus();
    button.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 0 }));
    expect(document.activeElement).toBe(button);
    button.dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
    expect(document.activeElement).not.toBe(button);
    button.remove();
    stop();
  });
  it('escape closes the order and not the desk behind it', async () => {
    const { by, has, sent } = await show(gallery['panel_orders']!);
    await vi.waitFor(() => by(OPEN));
    await fireEvent.click(by(OPEN));
    expect(has('order-detail')).toBe(true);
    await press('Escape');
    expect(has('order-detail')).toBe(false);
    expect(sent('close_staff')).toEqual([]);
    await press('Escape');
    expect(sent('close_staff')).toHaveLength(1);
  });
  it('of a search box stays its own, and a late view does not overwrite it', async () => {
    const { by, backend, sent } = await show({ ...gallery['line']!, version: 1 });
    const box = by('search') as HTMLInputElement;
    await press('/');
    expect(document.activeElement).toBe(box);
    await fireEvent.keyDown(box, { key: 'n' });
    expect(sent('next_person')).toEqual([]);
    await fireEvent.input(box, { target: { value: 'lxh' } });
    expect(sent('search').at(-1)).toEqual({ kind: 'search', text: 'lxh' });
    const screen = gallery['line']!.screen;
    backend.show({ ...gallery['line']!, version: 2, screen: { ...screen, search: 'l' } as View['screen'] });
    await tick();
    expect(box.value).toBe('lxh');
  });
  it('opens no shutter while the camera is lost or staff are at work', async () => {
    const lost = await show(gallery['capture_lost']!);
    await press(' ');
    expect(lost.sent('shoot')).toEqual([]);
    cleanup();
    const staff = await show({ ...gallery['capture']!, staff: gallery['pin']!.staff });
    await press(' ');
    expect(staff.sent('shoot')).toEqual([]);
  });
  it('escape stops a countdown', async () => {
    const { sent } = await show(gallery['capture_countdown']!);
    await press('Escape');
    expect(sent('hold')).toHaveLength(1);
  });
  it('goes to the PIN and not to the screen below', async () => {
    const { backend } = await show({ ...gallery['identify']!, staff: gallery['pin']!.staff });
    vi.useFakeTimers();
    await press('4');
    vi.advanceTimersByTime(100);
    expect(backend.actions.filter((action) => action.kind === 'key')).toEqual([{ kind: 'key', key: '4' }]);
  });
  it('ctrl alt S asks for staff', async () => {
    const { sent } = await show(gallery['welcome']!);
    await press('s', { code: 'KeyS', ctrlKey: true, altKey: true });
    expect(sent('staff')).toHaveLength(1);
  });
  it('n takes the next person, a accepts, and a blocked photo is not accepted', async () => {
    const good = await show(gallery['line_result']!);
    await press('n');
    await press('a');
    expect(good.backend.actions.map((action) => action.kind).filter((kind) => kind !== 'touch')).toEqual(['next_person', 'accept']);
    cleanup();
    const blocked = await show(gallery['line_blocked']!);
    await press('a');
    await press('Enter');
    expect(blocked.sent('accept')).toEqual([]);
  });
});

describe('the page', () => {
  it('drops an older view', async () => {
    const { backend, main } = await show({ ...gallery['welcome']!, version: 9 });
    backend.show({ ...gallery['agreement']!, version: 8 });
    await tick();
    expect(main.dataset['screen']).toBe('welcome');
    backend.show({ ...gallery['agreement']!, version: 10 });
    await tick();
    expect(main.dataset['screen']).toBe('agreement');
  });
  it('tells of touches once a second at most', async () => {
    const { sent } = await show(gallery['welcome']!);
    for (let times = 0; times < 5; times += 1) await fireEvent.pointerDown(document.body);
    expect(sent('touch').length).toBeLessThanOrEqual(1);
  });
  it('asks for the camera only on screens that show it, and stops on leaving', async () => {
    const { backend } = await show({ ...gallery['capture']!, version: 1 });
    await vi.waitFor(() => expect(backend.frame).toHaveBeenCalledTimes(1));
    const signal = vi.mocked(backend.frame).mock.calls[0]![1];
    expect(signal.aborted).toBe(false);
    backend.show({ ...gallery['result']!, version: 2 });
    await tick();
    expect(signal.aborted).toBe(true);
  });
});

describe('a field', () => {
  const empty: View = {
    ...gallery['details_empty']!,
    screen: { kind: 'details', fields: [field('name', '', { editable: true }), field('phone', '', { kind: 'digits', editable: true })], prefilled: false, complete: false },
  };

  it('is filled by pinyin, key by key and candidate by candidate', async () => {
    const { by, backend, sent } = await show(empty);
    backend.answers['linxiao'] = { syllables: ['lin', 'xiao'], list: [{ text: '林', letters: 3 }] };
    backend.answers['xiao'] = { syllables: ['xiao'], list: [{ text: '小', letters: 4 }, { text: '晓', letters: 4 }] };
    await fireEvent.click(by('field-name'));
    for (const letter of 'linxiao') await fireEvent.click(by(`key-${letter}`));
    await vi.waitFor(() => by('candidate-0'));
    await fireEvent.click(by('candidate-0'));
    await vi.waitFor(() => by('candidate-1'));
    await fireEvent.click(by('candidate-1'));
    expect(sent('fill').at(-1)).toEqual({ kind: 'fill', field: 'name', value: '林晓' });
    expect(by('entry-value').textContent).toContain('林晓');
  });
  it('runs ahead of the views while keys come fast, takes digits only, and goes on with enter', async () => {
    const { by, sent } = await show(empty);
    await fireEvent.click(by('field-name'));
    await fireEvent.keyDown(document.body, { key: 'Enter' });
    for (const key of ['1', 'a', '3', '8', 'Backspace']) await fireEvent.keyDown(document.body, { key });
    expect(sent('fill').map((action) => 'value' in action && action.value)).toEqual(['1', '13', '138', '13']);
  });
});
