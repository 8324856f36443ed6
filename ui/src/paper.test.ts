// The settings of printers and paper, and the drawings of paper.
import { cleanup, fireEvent } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { drawing } from './desk/drawing';
import { page, type Answers } from './testing/desk';

afterEach(cleanup);

describe('printers and paper', () => {
  const settings = async (answers: Answers = {}) => {
    const shown = await page('panel', answers);
    await vi.waitFor(() => shown.by('paper-save'));
    return shown;
  };
  it('keeps a found printer, the paper and own sizes', async () => {
    const { by, of } = await settings();
    expect(by('paper-save').disabled).toBe(true);
    await fireEvent.click(by('printer-find'));
    await vi.waitFor(() => expect(by('printers-found').dataset['count']).toBe('3'));
    expect(by('use-photos-ipp://192.168.1.77:631/ipp/print').disabled).toBe(true);
    await fireEvent.click(by('use-office-ipp://192.168.1.50:631/ipp/print'));
    expect(by('printer-office').textContent).toBe('Office');
    await fireEvent.change(by('paper-paper'), { target: { value: 'a4' } });
    await fireEvent.change(by('paper-set'), { target: { value: 'own' } });
    await fireEvent.input(by('own-width-0'), { target: { value: '40.5' } });
    await fireEvent.click(by('own-add'));
    await fireEvent.click(by('own-add'));
    await fireEvent.click(by('own-remove-1'));
    await fireEvent.input(by('paper-gap'), { target: { value: '1.5' } });
    await fireEvent.input(by('paper-per-order'), { target: { value: '-3.2' } });
    await fireEvent.click(by('paper-several'));
    expect(by('paper-settings').dataset['unsaved']).toBe('true');
    await fireEvent.click(by('paper-save'));
    await vi.waitFor(() => by('paper-saved'));
    expect(of('save_paper')).toEqual([
      {
        kind: 'save_paper', printer: { uri: 'ipp://localhost:631/printers/DS620', name: 'DNP DS620' }, officePrinter: { uri: 'ipp://192.168.1.50:631/ipp/print', name: 'Office' }, paper: 'a4', set: 'own',
        own: [{ widthMm: 40.5, heightMm: 48, count: 5 }, { widthMm: 33, heightMm: 48, count: 1 }], caption: 'back', cut: true, several: true, gapMm: 1.5, perOrderMax: 0, perDayMax: 2000, labelPaper: 'label', sender: '示范大学教务处 浙江省杭州市 0571-00000000',
      },
    ]);
    expect(by('paper-settings').dataset['unsaved']).toBe('false');
  });
  it('says what cannot be where it stands', async () => {
    const { by } = await settings();
    await fireEvent.change(by('paper-paper'), { target: { value: 'five_inch' } });
    await fireEvent.change(by('paper-set'), { target: { value: 'four_and_eight' } });
    await fireEvent.click(by('paper-save'));
    await vi.waitFor(() => by('paper-problems'));
    expect(by('paper-set').closest('.field')?.getAttribute('data-problem')).toBe('paper.set_does_not_fit');
    expect(by('paper-settings').dataset['unsaved']).toBe('true');
  });
  it('loses no problem that has no place', async () => {
    const { by } = await settings({ save_paper: () => ({ kind: 'problems', problems: [{ code: 'paper.font', params: { field: 'typeface' } }] }) });
    await fireEvent.click(by('paper-cut'));
    await fireEvent.click(by('paper-save'));
    await vi.waitFor(() => expect(by('paper-problem').dataset['code']).toBe('paper.font'));
  });
  it('shows that it looks, and asks a typed address', async () => {
    let answer = (): void => undefined;
    const { by, has, of } = await settings({ find_printers: () => new Promise((resolve) => (answer = () => resolve({ printers: [] }))) });
    await fireEvent.click(by('printer-find'));
    expect(by('printer-busy').querySelector('progress')).not.toBeNull();
    expect(by('printer-find').disabled).toBe(true);
    answer();
    await vi.waitFor(() => by('printers-none'));
    await fireEvent.input(by('printer-address'), { target: { value: ' 10.0.0.9 ' } });
    await fireEvent.click(by('printer-try'));
    await vi.waitFor(() => by('found-ipp://10.0.0.9:631/ipp/print'));
    expect(of('try_printer')).toEqual([{ kind: 'try_printer', address: '10.0.0.9' }]);
    expect(has('printer-busy')).toBe(false);
    await fireEvent.click(by('use-photos-ipp://10.0.0.9:631/ipp/print'));
    expect(by('printer-photos').dataset['uri']).toBe('ipp://10.0.0.9:631/ipp/print');
  });
});

describe('a drawing', () => {
  const photo = (path: string) => `cam://localhost/${path}`;
  const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="x()">${inside}</svg>`;
  it('has nothing that can act or comes from elsewhere', () => {
    const node = drawing(svg('<script>x()</script><foreignObject><p>x</p></foreignObject><style>*{}</style><a href="javascript:x()"><rect/></a><rect onclick="x()" fill="#fff" style="x"/><image href="https://example.com/a.png"/><image href="desk/../../x"/><image href="desk/a-1/finished" onerror="x()"/><text fill="#000">&lt;b&gt;</text>'), photo)!;
    expect([...node.children].map((one) => one.localName)).toEqual(['rect', 'image', 'text']);
    expect(node.outerHTML).not.toMatch(/on\w+=|style|script|example/);
    expect(node.querySelector('image')?.getAttribute('href')).toBe('cam://localhost/desk/a-1/finished');
    expect(node.querySelector('text')?.textContent).toBe('<b>');
  });
  it('is none where the text is none', () => {
    expect(drawing('<svg', photo)).toBeNull();
    expect(drawing('<html xmlns="http://www.w3.org/1999/xhtml"></html>', photo)).toBeNull();
  });
});
