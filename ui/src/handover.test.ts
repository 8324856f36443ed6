// A hand-over never takes the place of another one unasked, and what its check finds is said.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FolderEntry } from './lib/bindings/FolderEntry';
import { page } from './testing/desk';

afterEach(cleanup);

const entry = (name: string, what: string): FolderEntry => ({ name, path: `/media/KINGSTON/${name}`, what, bytes: what === 'file' ? 2_914_200 : 0, changed: '2027-05-20 10:12' });

/** The hand-over of this kind, with these in the folder that is chosen. */
async function choose(target: string, ...there: FolderEntry[]) {
  const shown = await page('panel_handover', {
    folder: ({ path, endings }) => (path === null ? {} : { entries: there.filter((one) => one.what !== 'file' || endings.some((ending) => one.name.endsWith(`.${ending}`))) }),
  });
  const { by } = shown;
  await vi.waitFor(() => by('handover-photos'));
  await fireEvent.change(by('handover-target'), { target: { value: target } });
  if (target === 'age' || target === 'zip_aes') await fireEvent.input(by('handover-passphrase'), { target: { value: '毕业照片交接密码' } });
  await vi.waitFor(() => expect(by('handover-start').disabled).toBe(false));
  await fireEvent.click(by('handover-start'));
  await vi.waitFor(() => by('entry-KINGSTON'));
  await fireEvent.click(by('entry-KINGSTON'));
  await vi.waitFor(() => expect(by('file-here').disabled).toBe(false));
  await fireEvent.click(by('file-here'));
  return shown;
}

describe('a place that has', () => {
  it.each([
    ['age', 'caixiang-os5pwe.zip.age'],
    ['zip_aes', 'caixiang-os5pwe.zip'],
    ['zip', 'Caixiang-OS5PWE.zip'],
  ])('an archive of this name (%s) is asked about', async (target, name) => {
    const { by, has, of } = await choose(target, entry(name, 'file'));
    expect(by('file-there').textContent).toContain('2027-05-20 10:12');
    expect(of('handover_start')).toEqual([]);
    // Escape leaves the question and not the choice of a place.
    await fireEvent.keyDown(document.body, { key: 'Escape' });
    await vi.waitFor(() => expect(has('file-there')).toBe(false));
    expect(has('file-pick')).toBe(true);
    await fireEvent.click(by('file-here'));
    await fireEvent.click(by('file-replace'));
    await vi.waitFor(() => expect(of('handover_start')).toHaveLength(1));
    expect(of('handover_start')[0]).toMatchObject({ folder: '/media/KINGSTON', wanted: { target } });
  });
  it.each(['zip', 'folder'])('nothing that %s would replace is written into at once', async (target) => {
    const { has, of } = await choose(target, entry('caixiang-C5UG16.zip', 'file'), entry('caixiang-os5pwe', 'folder'));
    await vi.waitFor(() => expect(of('handover_start')).toHaveLength(1));
    expect(has('file-there')).toBe(false);
  });
});

describe('what the check found', () => {
  it('is said in words, once, however often it was found', async () => {
    const failed = { what: 'handover', stage: 'failed', done: 3, total: 3, found: 0, path: '', failure: { code: 'handover.check_failed', params: {} }, problems: ['extra', 'missing', 'extra'] };
    const { by } = await page('panel_handover', { job: () => ({ kind: 'job', job: failed }) });
    await vi.waitFor(() => by('job-failure'));
    const said = [...by('job').querySelectorAll(':scope > p')].map((one) => one.textContent);
    expect(said).toEqual(['里面有不属于这次移交的文件', '有照片或名单没有写进去']);
  });
});
