// Forms with changes that are not saved: whatever would take them away asks first.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, type Answers } from './testing/desk';
import { say } from './lib/words';

afterEach(cleanup);

type Shown = Awaited<ReturnType<typeof page>>;
const type = ({ by }: Shown, id: string, value: string) => fireEvent.input(by(id), { target: { value } });
const alt = (digit: number, on: Element = document.body) => fireEvent.keyDown(on, { key: String(digit), code: `Digit${digit}`, altKey: true });

async function form(answers: Answers = {}, language: 'zh' | 'en' = 'zh') {
  const shown = await page('panel_sessions', answers, { language });
  await vi.waitFor(() => shown.by('new-session'));
  await fireEvent.click(shown.by('new-session'));
  await vi.waitFor(() => shown.by('session-form'));
  return shown;
}
const roster = async (shown: Shown) => {
  await fireEvent.click(shown.by('roster-import'));
  await vi.waitFor(() => shown.by('entry-KINGSTON'));
  await fireEvent.click(shown.by('entry-KINGSTON'));
  await vi.waitFor(() => shown.by('entry-roster.xlsx'));
  await fireEvent.click(shown.by('entry-roster.xlsx'));
  await vi.waitFor(() => shown.by('roster-view'));
};

describe('the form of a session', () => {
  it('that nobody touched is left at once', async () => {
    const { by, has, sent } = await form();
    await fireEvent.click(by('tab-today'));
    expect(has('leave-question')).toBe(false);
    expect(sent('tab')).toEqual([{ kind: 'tab', tab: 'today' }]);
  });
  it.each(['zh', 'en'] as const)('asks in %s, and stays as it was', async (language) => {
    const shown = await form({}, language);
    const { by, has, sent } = shown;
    await type(shown, 'session-name-zh', '二〇二七届');
    await fireEvent.click(by('tab-today'));
    expect(by('leave-question').textContent).toContain(say(language, 'desk', 'leave_text'));
    expect([by('leave-no').textContent, by('leave-yes').textContent].join()).toContain(say(language, 'desk', 'leave_yes'));
    expect(sent('tab')).toEqual([]);
    await fireEvent.click(by('leave-no'));
    await vi.waitFor(() => expect(has('leave-question')).toBe(false));
    expect(by('session-name-zh').value).toBe('二〇二七届');
    await fireEvent.click(by('tab-today'));
    await fireEvent.click(by('leave-yes'));
    expect(sent('tab')).toEqual([{ kind: 'tab', tab: 'today' }]);
  });
  it('asks about the keys of pages too, even while somebody types', async () => {
    const shown = await form();
    const { by, has, sent } = shown;
    await type(shown, 'session-name-zh', '二〇二七届');
    await alt(3, by('session-name-zh'));
    expect(has('leave-question')).toBe(true);
    await fireEvent.keyDown(document.body, { key: 'Escape' });
    await vi.waitFor(() => expect(has('leave-question')).toBe(false));
    expect([...sent('tab'), ...sent('close_staff')]).toEqual([]);
    await alt(3);
    await fireEvent.click(by('leave-yes'));
    expect(sent('tab')).toEqual([{ kind: 'tab', tab: 'orders' }]);
  });
  it('asks before Escape puts it away and before the desk is closed', async () => {
    const shown = await form();
    const { by, has, sent } = shown;
    await type(shown, 'session-name-zh', '二〇二七届');
    await fireEvent.click(by('close-staff'));
    await fireEvent.click(by('leave-no'));
    await vi.waitFor(() => expect(has('leave-question')).toBe(false));
    await fireEvent.keyDown(by('session-name-zh'), { key: 'Escape' });
    expect(has('leave-question')).toBe(true);
    expect(has('session-form')).toBe(true);
    expect(sent('close_staff')).toEqual([]);
    await fireEvent.click(by('leave-yes'));
    await vi.waitFor(() => expect(has('session-form')).toBe(false));
  });
  it('that is as it was again is left at once', async () => {
    const shown = await form();
    await type(shown, 'session-name-zh', '二');
    await type(shown, 'session-name-zh', '');
    await fireEvent.click(shown.by('tab-today'));
    expect(shown.has('leave-question')).toBe(false);
  });
});

describe('every form', () => {
  const forms: [string, string, (shown: Shown) => Promise<unknown>][] = [
    ['printers and paper', 'panel', (shown) => fireEvent.click(shown.by('paper-cut'))],
    ['how the kiosk behaves', 'panel', (shown) => type(shown, 'kiosk-idle', '45')],
    ['a PIN', 'panel', (shown) => type(shown, 'pin-manager', '12')],
    ['a roster that is looked at', 'panel_roster', roster],
  ];
  it.each(forms)('of %s asks first', async (_what, name, change) => {
    const shown = await page(name);
    const { by, has, sent } = shown;
    if (name === 'panel') await vi.waitFor(() => [by('paper-save'), by('kiosk-save')]);
    await change(shown);
    await fireEvent.click(by('tab-today'));
    expect(has('leave-question')).toBe(true);
    await fireEvent.click(by('leave-yes'));
    expect(sent('tab')).toEqual([{ kind: 'tab', tab: 'today' }]);
  });
  it('asks before links of the page and a settings file take it away', async () => {
    const shown = await page('panel');
    const { by, has, sent } = shown;
    await vi.waitFor(() => by('kiosk-save'));
    await type(shown, 'kiosk-idle', '45');
    for (const away of ['order-count', 'settings-import', 'quit']) {
      await fireEvent.click(by(away));
      expect(has('leave-question'), away).toBe(true);
      await fireEvent.click(by('leave-no'));
      await vi.waitFor(() => expect(has('leave-question')).toBe(false));
    }
    expect(has('file-pick') || has('quit-question')).toBe(false);
    expect(sent('tab')).toEqual([]);
  });
  it('that was saved asks nothing', async () => {
    const shown = await page('panel');
    const { by, has } = shown;
    await vi.waitFor(() => by('paper-save'));
    await fireEvent.click(by('paper-cut'));
    await fireEvent.click(by('paper-save'));
    await vi.waitFor(() => by('paper-saved'));
    await fireEvent.click(by('tab-today'));
    expect(has('leave-question')).toBe(false);
  });
  it('asks nothing about work under way, which goes on', async () => {
    const { by, has, sent } = await page('panel_printing', { job: () => ({ kind: 'job', job: { what: 'print', stage: 'writing', done: 3, total: 26, found: 0, path: '', failure: null, problems: [] } }) });
    await vi.waitFor(() => by('job'));
    await fireEvent.click(by('tab-today'));
    expect(has('leave-question')).toBe(false);
    expect(sent('tab')).toHaveLength(1);
  });
});
