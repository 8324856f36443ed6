// Upkeep: health and what helps, settings and the settings file, and what is destroyed when.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { gallery } from './demo/gallery';
import { panel } from './demo/parts';
import { parts } from './demo/upkeep';
import type { DeskAnswer } from './lib/bindings/DeskAnswer';
import type { HealthRow } from './lib/bindings/HealthRow';
import type { Role } from './lib/bindings/Role';
import { known } from './lib/words';
import { page, type Answers } from './testing/desk';

afterEach(cleanup);

/** A page of the desk with some of its answers other than the gallery's. */
async function desk(tab: 'health' | 'overview' | 'today', answers: Answers = {}, role: Role = 'manager') {
  const shown = await page('panel', answers, { staff: { kind: 'panel', ...panel({ tab, role }) } });
  const disabled = (id: string) => shown.by(id).disabled;
  const type = (id: string, value: string) => fireEvent.input(shown.by(id), { target: { value } });
  return { ...shown, disabled, type };
}
const row = (part: string, state: string, code: string, params: Record<string, string> = {}, mend: string | null = null): HealthRow => ({ part, state, code, params, mend });

/** As agreed with the booth. */
const HEALTH: Record<string, string[]> = {
  session_open: ['name'], session_none: [], camera_live: ['name', 'width', 'height'], camera_lost: ['name'], camera_none: [], camera_opening: [], models_ready: [], models_none: [], store_good: [], store_damaged: ['count'],
  disk_good: ['free'], disk_low: ['free'], disk_full: ['free'], disk_unknown: [], backup_good: ['when'], backup_old: ['when'], backup_none: [], keystore_platform: [], keystore_file: [], printer_ready: ['name'],
  printer_trouble: ['name', 'trouble'], printer_none: [], prints_open: ['count'], prints_unknown: ['count'], prints_none: [], outbox_kept: ['count'], clock_good: ['now'], clock_back: ['now'],
  pins_set: [], pins_one: ['role'], pins_none: [], check_clean: ['photos', 'lines'], check_bad: ['count'],
};
const PARTS = ['session', 'camera', 'models', 'store', 'disk', 'backup', 'keystore', 'printer', 'prints', 'outbox', 'clock', 'pins'];
const SETTINGS = [
  'printing.printer', 'printing.office_printer', 'printing.paper', 'printing.set', 'printing.own', 'printing.caption', 'printing.cut', 'printing.several', 'printing.gap_mm', 'printing.per_order_max',
  'printing.per_day_max', 'printing.label_paper', 'printing.sender', 'kiosk.language', 'kiosk.idle_s', 'kiosk.keep_days', 'sound', 'auto_shutter', 'camera.large_still',
];

describe('words', () => {
  it.each(['zh', 'en'] as const)('in %s say every code of health with its values', (language) => {
    for (const [code, params] of Object.entries(HEALTH)) {
      const braces = [...(known(language, 'health', code) ?? '').matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      expect(known(language, 'health', code), code).toBeTruthy();
      expect(braces.sort(), code).toEqual([...params].sort());
    }
    for (const part of PARTS) expect(known(language, 'health_part', part), part).toBeTruthy();
    for (const state of ['good', 'warned', 'bad', 'off']) expect(known(language, 'health_state', state), state).toBeTruthy();
    for (const mend of ['camera', 'backup', 'check', 'printing', 'sessions', 'settings']) expect(known(language, 'mend', mend), mend).toBeTruthy();
  });
  it.each(['zh', 'en'] as const)('in %s name every setting of a file', (language) => {
    for (const key of SETTINGS) expect(known(language, 'setting', key), key).toBeTruthy();
  });
});

describe('health', () => {
  it('shows the bad parts first and says them in words', async () => {
    const { by } = await desk('health');
    await vi.waitFor(() => by('health-printer'));
    const shown = [...by('health').querySelectorAll<HTMLElement>('li')];
    const states = shown.map((one) => one.dataset['state']);
    expect(states).toEqual([...states].sort((a, b) => ['bad', 'warned', 'good', 'off'].indexOf(a!) - ['bad', 'warned', 'good', 'off'].indexOf(b!)));
    expect(shown).toHaveLength(parts.length);
    expect(shown[0]!.dataset['testid']).toBe('health-printer');
    expect(by('health-printer').textContent).toContain('没有纸');
    expect(by('health-printer').textContent).not.toContain('media_empty');
    expect(by('health-pins').textContent).toContain('摄影师还没有设');
    expect(by('health').dataset['troubles']).toBe('5');
  });
  it('says that all is well', async () => {
    const { by } = await desk('health', { health: () => ({ kind: 'health', parts: [row('store', 'good', 'store_good'), row('outbox', 'off', 'outbox_kept', { count: '3' })] }) });
    await vi.waitFor(() => expect(by('health').dataset['troubles']).toBe('0'));
    expect(by('health-summary').textContent).toContain('正常');
  });
  it('calls the demonstration camera by a name', async () => {
    const { by } = await desk('health', { health: () => ({ kind: 'health', parts: [row('camera', 'good', 'camera_live', { name: '', width: '1920', height: '1080' })] }) });
    await vi.waitFor(() => expect(by('health-camera').textContent).toContain('演示画面，1920×1080'));
  });
  it.each([
    ['camera', { kind: 'tab', tab: 'camera' }],
    ['printing', { kind: 'tab', tab: 'printing' }],
    ['sessions', { kind: 'tab', tab: 'sessions' }],
    ['settings', { kind: 'tab', tab: 'overview' }],
    ['backup', { kind: 'backup' }],
  ])('helps by %s', async (mend, action) => {
    const { by, backend } = await desk('health', { health: () => ({ kind: 'health', parts: [row('store', 'bad', 'store_damaged', { count: '1' }, mend)] }) });
    await vi.waitFor(() => by('mend-store'));
    await fireEvent.click(by('mend-store'));
    expect(backend.actions).toContainEqual(action);
  });
  it('checks everything on demand, shows that it does, and keeps what was found', async () => {
    let done: (answer: DeskAnswer) => void = () => undefined;
    const { by, has, of } = await desk('health', {
      health: () => ({ kind: 'health', parts: [row('store', 'good', 'store_good', {}, 'check')] }),
      self_check: () => new Promise<DeskAnswer>((resolve) => (done = resolve)),
    });
    await vi.waitFor(() => by('mend-store'));
    await fireEvent.click(by('mend-store'));
    await vi.waitFor(() => by('checking'));
    expect(by('mend-store').disabled).toBe(true);
    done({ kind: 'health', parts: [row('store', 'bad', 'check_bad', { count: '7' })] });
    await vi.waitFor(() => expect(by('health-store').dataset['state']).toBe('bad'));
    expect(has('checking')).toBe(false);
    // Looking again finds the database good; what the check found stays, and it can be made again.
    const looked = of('health').length;
    await fireEvent.click(by('health-refresh'));
    await vi.waitFor(() => expect(of('health').length).toBe(looked + 1));
    await new Promise((resolve) => setTimeout(resolve));
    expect(by('health-store').textContent).toContain('7');
    await fireEvent.click(by('mend-store'));
    await vi.waitFor(() => expect(of('self_check')).toHaveLength(2));
  });
  it('looks again once a backup was made', async () => {
    const { of, backend } = await desk('health');
    await vi.waitFor(() => expect(of('health')).toHaveLength(1));
    backend.show({ ...gallery['panel']!, version: 3, staff: { kind: 'panel', ...panel({ tab: 'health', lastBackup: '2027-05-20 12:01' }) } });
    await vi.waitFor(() => expect(of('health')).toHaveLength(2));
  });
  it('leaves a photographer the ways to other pages', async () => {
    const { by, has } = await desk('health', {}, 'photographer');
    await vi.waitFor(() => by('mend-printer'));
    expect(has('mend-backup') || has('mend-store') || has('mend-pins')).toBe(false);
  });
});

describe('how the kiosk behaves', () => {
  it('is kept once it changed, as numbers', async () => {
    const { by, of, disabled, type } = await desk('overview');
    await vi.waitFor(() => by('kiosk-form'));
    expect(by('kiosk-idle').value).toBe('60');
    expect(disabled('kiosk-save')).toBe(true);
    await type('kiosk-idle', '');
    expect(disabled('kiosk-save')).toBe(true);
    await type('kiosk-idle', '45');
    await fireEvent.change(by('kiosk-language'), { target: { value: 'en' } });
    expect(by('kiosk-form').dataset['unsaved']).toBe('true');
    const read = of('retention').length;
    await fireEvent.click(by('kiosk-save'));
    await vi.waitFor(() => by('kiosk-saved'));
    expect(of('save_kiosk')).toEqual([{ kind: 'save_kiosk', language: 'en', idleS: 45, keepDays: 180 }]);
    expect(by('kiosk-form').dataset['unsaved']).toBe('false');
    // What is due when depends on it.
    await vi.waitFor(() => expect(of('retention').length).toBe(read + 1));
  });
  it('says what cannot be where it stands', async () => {
    const { by, has, type } = await desk('overview', { save_kiosk: () => ({ kind: 'problems', problems: [{ code: 'session.choice', params: { field: 'keep_days' } }] }) });
    await vi.waitFor(() => by('kiosk-form'));
    await type('kiosk-keep', '0');
    await fireEvent.click(by('kiosk-save'));
    await vi.waitFor(() => expect(by('kiosk-keep').closest('.field')?.getAttribute('data-problem')).toBe('session.choice'));
    expect(has('kiosk-saved')).toBe(false);
  });
});

describe('the settings file', () => {
  it('is written to a folder', async () => {
    const { by, of } = await desk('overview');
    await fireEvent.click(by('settings-export'));
    await vi.waitFor(() => by('entry-KINGSTON'));
    await fireEvent.click(by('entry-KINGSTON'));
    await vi.waitFor(() => expect(by('file-here').disabled).toBe(false));
    await fireEvent.click(by('file-here'));
    await vi.waitFor(() => expect(by('settings-done').textContent).toContain('/media/KINGSTON'));
    expect(of('settings_export')).toEqual([{ kind: 'settings_export', folder: '/media/KINGSTON' }]);
  });
  async function open(answers: Answers = {}) {
    const shown = await desk('overview', answers);
    await vi.waitFor(() => shown.by('kiosk-form'));
    await fireEvent.click(shown.by('settings-import'));
    await vi.waitFor(() => expect(shown.of('folder').at(-1)?.endings).toEqual(['toml']));
    await vi.waitFor(() => shown.by('entry-KINGSTON'));
    await fireEvent.click(shown.by('entry-KINGSTON'));
    await vi.waitFor(() => shown.by('entry-roster.xlsx'));
    await fireEvent.click(shown.by('entry-roster.xlsx'));
    await vi.waitFor(() => shown.by('settings-changes'));
    return shown;
  }
  it('is looked at before it is taken over, and the forms are read anew', async () => {
    const { by, has, of } = await open();
    const cells = (key: string) => [...by(`change-${key}`).querySelectorAll('td')].map((one) => one.textContent?.trim());
    expect(cells('printing.cut')).toEqual([known('zh', 'setting', 'printing.cut'), '开', '', '关']);
    expect(cells('printing.paper')[3]).toContain('6 寸');
    expect(cells('printing.printer')[1]).toBe('无');
    expect(of('settings_apply')).toEqual([]);
    const before = of('kiosk_form').length;
    await fireEvent.click(by('settings-apply'));
    await vi.waitFor(() => expect(by('settings-done').textContent).toContain('4'));
    expect(has('settings-changes')).toBe(false);
    await vi.waitFor(() => expect(of('kiosk_form').length).toBe(before + 1));
  });
  it('changes nothing where it is put away, or says the same', async () => {
    const { by, has, of } = await open();
    await fireEvent.click(by('settings-cancel'));
    expect(has('settings-changes')).toBe(false);
    expect(of('settings_apply')).toEqual([]);
    cleanup();
    const same = await open({ settings_open: () => ({ kind: 'settings_changes', changes: [] }) });
    expect(same.has('settings-apply')).toBe(false);
  });
});

describe('photos that are to be destroyed', () => {
  it('are those of sessions that are over', async () => {
    const { by, has } = await desk('overview');
    await vi.waitFor(() => by('retention-C5UG16'));
    expect(by('retention-C5UG16').dataset['overdue']).toBe('true');
    expect([has('erase-C5UG16'), has('erase-610967'), has('erase-os5pwe'), has('erase-p7uksh')]).toEqual([true, true, false, false]);
  });
  it('are destroyed once the code was typed exactly, with progress', async () => {
    let stage: string | null = null;
    const { by, has, of, disabled, type } = await desk('overview', {
      job: () => ({ kind: 'job', job: stage && { what: 'erase', stage, done: 5, total: 12, found: 0, path: 'C5UG16', failure: null, problems: [] } }),
    });
    await vi.waitFor(() => by('erase-C5UG16'));
    await fireEvent.click(by('erase-C5UG16'));
    expect(by('erase-question').textContent).toContain('无法恢复');
    expect(by('erase-question').textContent).toContain('订单');
    expect(by('erase-unfinished').textContent).toContain('2');
    expect(disabled('erase-yes')).toBe(true);
    await type('erase-code', 'c5ug16');
    expect(disabled('erase-yes')).toBe(true);
    await type('erase-code', 'C5UG16');
    stage = 'writing';
    await fireEvent.click(by('erase-yes'));
    await vi.waitFor(() => expect(by('job').textContent).toContain('5 / 12'));
    expect(has('erase-question')).toBe(false);
    expect(of('erase')).toEqual([{ kind: 'erase', id: 's2', featureCode: 'C5UG16' }]);
    expect(disabled('erase-610967')).toBe(true);
    const read = of('retention').length;
    stage = 'done';
    await vi.waitFor(() => expect(of('retention').length).toBe(read + 1));
    expect(by('job').dataset['stage']).toBe('done');
    expect(disabled('erase-610967')).toBe(false);
  });
  it('stay where it is not meant, or fails', async () => {
    const { by, has, of, type } = await desk('overview', { erase: () => Promise.reject({ code: 'store.io', params: {} }) });
    await vi.waitFor(() => by('erase-C5UG16'));
    await fireEvent.click(by('erase-C5UG16'));
    await fireEvent.click(by('erase-no'));
    expect(has('erase-question')).toBe(false);
    expect(of('erase')).toEqual([]);
    await fireEvent.click(by('erase-C5UG16'));
    expect(by('erase-code').value).toBe('');
    await type('erase-code', 'C5UG16');
    await fireEvent.click(by('erase-yes'));
    await vi.waitFor(() => expect(by('erase-question').querySelector('[data-code="store.io"]')).not.toBeNull());
  });
});

describe('the settings page', () => {
  it('shows a photographer no forms', async () => {
    const { by, has, asked } = await desk('overview', {}, 'photographer');
    expect(by('session').textContent).toContain('os5pwe');
    expect(has('backup') && has('quit') && has('order-count') && has('camera-state')).toBe(true);
    expect(has('kiosk-form') || has('retention') || has('settings-import') || has('pin-manager')).toBe(false);
    expect(asked).toEqual([]);
  });
});

describe('the list of those who are missing', () => {
  it('is written to a folder', async () => {
    const { by, of } = await desk('today');
    await vi.waitFor(() => by('missing-list'));
    await fireEvent.click(by('missing-list'));
    await vi.waitFor(() => by('entry-KINGSTON'));
    await fireEvent.click(by('entry-KINGSTON'));
    await vi.waitFor(() => expect(by('file-here').disabled).toBe(false));
    await fireEvent.click(by('file-here'));
    await vi.waitFor(() => expect(by('missing-written').textContent).toContain('未采集名单'));
    expect(of('missing_list')).toEqual([{ kind: 'missing_list', folder: '/media/KINGSTON', language: 'zh' }]);
  });
  it('says why it could not be written, and a photographer has none', async () => {
    const { by } = await desk('today', { missing_list: () => Promise.reject({ code: 'roster.io', params: {} }) });
    await vi.waitFor(() => by('missing-list'));
    await fireEvent.click(by('missing-list'));
    await vi.waitFor(() => by('entry-KINGSTON'));
    await fireEvent.click(by('entry-KINGSTON'));
    await vi.waitFor(() => expect(by('file-here').disabled).toBe(false));
    await fireEvent.click(by('file-here'));
    await vi.waitFor(() => expect(by('notice').dataset['code']).toBe('roster.io'));
    cleanup();
    const looked = await desk('today', {}, 'photographer');
    await vi.waitFor(() => looked.by('count-waiting'));
    expect(looked.has('missing-list')).toBe(false);
  });
});
