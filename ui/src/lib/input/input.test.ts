// Scanners and people, pinyin letters, presenters' keys.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { line, result, live } from '../../demo/parts';
import { lineAction } from '../../line/keys';
import type { PinyinAnswer } from '../backend';
import { Composition } from './ime.svelte';
import { isShutterKey } from './presenter';
import { BURST_MS, Wedge } from './wedge';

describe('a keyboard wedge', () => {
  let said: string[];
  let wedge: Wedge;
  let now: number;
  beforeEach(() => {
    vi.useFakeTimers();
    said = [];
    now = 0;
    wedge = new Wedge({ scanned: (text) => said.push(`scan ${text}`), key: (key) => said.push(key) });
  });
  afterEach(() => vi.useRealTimers());
  const type = (keys: string[], every: number) => {
    for (const key of keys) {
      now += every;
      vi.advanceTimersByTime(every);
      wedge.press(key, now);
    }
  };

  it('hears a burst that ends in enter as a scan, case kept', () => {
    type([...'xC9+/aB2=', 'Enter'], 5);
    expect(said).toEqual(['scan xC9+/aB2=']);
  });
  it('passes single keys on, one by one and in order', () => {
    type([...'330X', 'Backspace', 'Enter'], 200);
    expect(said).toEqual(['3', '3', '0', 'X', 'backspace', 'enter']);
  });
  it('gives back a burst without enter as keys', () => {
    type([...'1234567'], 5);
    expect(said).toEqual([]);
    vi.advanceTimersByTime(BURST_MS);
    expect(said.join('')).toBe('1234567');
  });
  it('does not take two keys hit together and enter for a scan', () => {
    type(['1', '2', 'Enter'], 5);
    expect(said).toEqual(['1', '2', 'enter']);
  });
  it('does not take a slow enter after a burst for a scan', () => {
    type([...'12345678'], 5);
    type(['Enter'], 80);
    expect(said.at(-1)).toBe('enter');
    expect(said.some((one) => one.startsWith('scan'))).toBe(false);
  });
  it('bounds what it holds', () => {
    type([...'x'.repeat(6000), 'Enter'], 1);
    expect(said[0]!.length).toBeLessThan(4200);
  });
  it('leaves other keys alone', () => {
    expect(wedge.press('Shift', 1)).toBe(false);
    expect(wedge.press('ArrowLeft', 2)).toBe(false);
  });
});

describe('a pinyin composition', () => {
  const answers: Record<string, PinyinAnswer> = {
    l: { syllables: ['l'], list: [{ text: '了', letters: 1 }] },
    lin: { syllables: ['lin'], list: [{ text: '林', letters: 3 }, { text: '临', letters: 3 }] },
    linhang: { syllables: ['lin', 'hang'], list: [{ text: '林航', letters: 7 }, { text: '林', letters: 3 }] },
    hang: { syllables: ['hang'], list: [{ text: '航', letters: 4 }] },
  };
  const start = () => {
    const committed: string[] = [];
    const ask = vi.fn((letters: string) => Promise.resolve(answers[letters] ?? { syllables: [], list: [] }));
    const composition = new Composition(ask, (text) => committed.push(text));
    const type = async (text: string) => {
      for (const letter of text) composition.press(letter);
      await Promise.resolve();
      await Promise.resolve();
    };
    return { committed, composition, ask, type };
  };

  it('offers what the letters may mean and keeps the letters a candidate does not use', async () => {
    const { committed, composition, type } = start();
    await type('linhang');
    expect(composition.candidates.map((one) => one.text)).toEqual(['林航', '林']);
    composition.choose(1);
    await type('');
    expect(committed).toEqual(['林']);
    expect(composition.letters).toBe('hang');
    composition.press(' ');
    expect(committed).toEqual(['林', '航']);
    expect(composition.letters).toBe('');
  });
  it('takes digits as choices, enter as the letters themselves, escape as nothing', async () => {
    const { committed, composition, type } = start();
    await type('lin');
    composition.press('2');
    await type('lin');
    composition.press('Enter');
    await type('lin');
    composition.press('Escape');
    expect(committed).toEqual(['临', 'lin']);
    expect(composition.letters).toBe('');
  });
  it('leaves keys to the field where nothing is being composed', () => {
    const { composition } = start();
    for (const key of ['Backspace', 'Enter', ' ', '5', "'"]) expect(composition.press(key), key).toBe(false);
  });
  it('deletes a letter, not a character of the field', async () => {
    const { composition, type } = start();
    await type('lin');
    expect(composition.press('Backspace')).toBe(true);
    expect(composition.letters).toBe('li');
  });
  it('ends the word at any other character', async () => {
    const { committed, composition, type } = start();
    await type('lin');
    expect(composition.press('，')).toBe(false);
    expect(committed).toEqual(['林']);
  });
  it('ignores an answer that comes after the letters have changed', async () => {
    const waiting: ((answer: PinyinAnswer) => void)[] = [];
    const composition = new Composition(() => new Promise((resolve) => waiting.push(resolve)), () => undefined);
    composition.press('l');
    composition.press('i');
    waiting[1]!({ syllables: ['li'], list: [{ text: '李', letters: 2 }] });
    await Promise.resolve();
    waiting[0]!({ syllables: ['l'], list: [{ text: '了', letters: 1 }] });
    await Promise.resolve();
    expect(composition.candidates.map((one) => one.text)).toEqual(['李']);
  });
});

describe('keys of presenters and photographers', () => {
  const key = (name: string, more = {}) => ({ key: name, repeat: false, ctrlKey: false, altKey: false, metaKey: false, ...more });

  it('open the shutter', () => {
    for (const name of [' ', 'Enter', 'PageDown', 'PageUp', 'F5']) expect(isShutterKey(key(name)), name).toBe(true);
    expect(isShutterKey(key('F5', { ctrlKey: true }))).toBe(false);
    expect(isShutterKey(key('a'))).toBe(false);
  });
  it('mean what the moment allows', () => {
    const idle = line();
    const judged = line({ result: result() });
    const blocked = line({ result: result({ blocked: true }) });
    expect(lineAction(key(' '), idle)).toEqual({ kind: 'shoot' });
    expect(lineAction(key(' '), line({ current: null }))).toBeNull();
    expect(lineAction(key(' '), line({ busy: true }))).toBeNull();
    expect(lineAction(key(' '), judged)).toBeNull();
    expect(lineAction(key('Enter'), judged)).toEqual({ kind: 'accept' });
    expect(lineAction(key('Enter'), blocked)).toBeNull();
    expect(lineAction(key('a'), blocked)).toBeNull();
    expect(lineAction(key('a'), line({ result: result({ blocked: true, overrideReason: 'medical' }) }))).toEqual({ kind: 'accept' });
    expect(lineAction(key('R'), judged)).toEqual({ kind: 'retake' });
    expect(lineAction(key('z'), line({ accepted: null }))).toBeNull();
    expect(lineAction(key('z'), line({ busy: true }))).toBeNull();
    expect(lineAction(key('r'), idle)).toBeNull();
    expect(lineAction(key('x'), idle)).toEqual({ kind: 'absent' });
    expect(lineAction(key('n', { repeat: true }), idle)).toBeNull();
    expect(lineAction(key('Escape'), line({ live: live({ phase: { kind: 'countdown', left: 2 } }) }))).toEqual({ kind: 'hold' });
  });
});
