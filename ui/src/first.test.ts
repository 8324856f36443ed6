// A fresh kiosk: what is to be done before it photographs, in order.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { deskAnswer } from './demo/desk';
import { panel, session } from './demo/parts';
import type { HealthRow } from './lib/bindings/HealthRow';
import type { Role } from './lib/bindings/Role';
import type { View } from './lib/bindings/View';
import { page, type Answers } from './testing/desk';

afterEach(cleanup);

const row = (part: string, state: string): HealthRow => ({ part, state, code: 'models_ready', params: {}, mend: null });
const none = { today: () => Promise.reject({ code: 'desk.no_session', params: {} }) };
const empty = () => {
  const today = deskAnswer({ kind: 'today' });
  return today.kind === 'today' ? { ...today, all: { ...today.all, total: 0 } } : today;
};
const health = (...parts: HealthRow[]) => ({ health: () => ({ kind: 'health', parts }) });

function first(answers: Answers, more: Partial<View> = {}, role: Role = 'manager') {
  return page('panel', answers, { staff: { kind: 'panel', ...panel({ tab: 'today', role }) }, ...more });
}

describe('the first steps', () => {
  it('begin with what is missing and lead there', async () => {
    const { by, has, backend } = await first({ ...none, ...health(row('camera', 'good'), row('pins', 'warned')) }, { session: null });
    await vi.waitFor(() => expect(by('step-camera').dataset['done']).toBe('true'));
    expect(by('first-steps').dataset['next']).toBe('session');
    expect(has('step-roster')).toBe(false);
    expect(has('notice')).toBe(false);
    await fireEvent.click(by('do-session'));
    expect(backend.actions).toContainEqual({ kind: 'tab', tab: 'sessions' });
    await fireEvent.click(by('do-pins'));
    expect(backend.actions).toContainEqual({ kind: 'tab', tab: 'overview' });
  });
  it('ask for the roster where there is one, and end where students can come', async () => {
    const { by, has } = await first({ today: empty, ...health(row('camera', 'good'), row('printer', 'good')) }, { session: { ...session, identity: 'roster' } });
    await vi.waitFor(() => expect(by('first-steps').dataset['next']).toBe('roster'));
    expect(has('first-close')).toBe(false);
    expect(by('step-printer').dataset['done']).toBe('true');
  });
  it('say so where nothing is missing any more', async () => {
    const { by, backend } = await first({ today: empty, ...health(row('camera', 'good')) }, { session: { ...session, identity: 'code' } });
    await vi.waitFor(() => expect(by('first-steps').dataset['next']).toBe(''));
    await fireEvent.click(by('first-close'));
    expect(backend.actions).toContainEqual({ kind: 'close_staff' });
  });
  it('are not in the way of a session under way', async () => {
    const { by, has } = await first({});
    await vi.waitFor(() => by('count-collected'));
    expect(has('first-steps')).toBe(false);
  });
});
