// Both languages say the same things, every code has words, and no word is left over.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import zhChecks from '../../assets/words/zh.toml?checks';
import enChecks from '../../assets/words/en.toml?checks';
import { lesson, tipLesson } from './drawings/bust';
import { silhouetteIds } from './lib/live/silhouettes';
import { finding, known, message, money, reason } from './lib/words';
import en from './words/en.json';
import zh from './words/zh.json';

const repository = join(import.meta.dirname, '../..');
const rust = (path: string) => readFileSync(join(repository, 'crates', path), 'utf8');

function flat(table: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(table).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[prefix + key, value]] : [...flat(value as object, `${prefix}${key}/`)],
    ),
  );
}
const braces = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const codes = (source: string, pattern: RegExp) => [...source.matchAll(pattern)].map((match) => match[1] ?? '');
/** The codes in backquotes in the doc comment that begins so. */
function documented(source: string, begin: RegExp): string[] {
  const at = source.search(begin);
  expect(at, String(begin)).toBeGreaterThan(0);
  const comment = source.slice(at).split('\n    pub ')[0] ?? '';
  return codes(comment.replace(/`(alarm|control|prompt|notice)\.<code>`/g, ''), /`([a-z_]+)`/g);
}

const view = ['view.rs', 'view/student.rs', 'view/desk.rs'].map((file) => rust(`booth/src/${file}`)).join('\n');
const session = rust('domain/src/session.rs');
const orderStates = codes(rust('domain/src/order.rs').split('pub enum Move')[1]?.split('pub fn from_code')[0] ?? '', /Self::\w+ => "(\w+)"/g);
const fieldCodes = codes(session.split('Field {')[1]?.split('\n}')[0] ?? '', /= "(\w+)"/g);
const promptCodes = documented(view, /\/\/\/ The code: `nobody`/);
const tips = ['look', 'eyes', 'mouth', 'hair', 'glasses', 'hat', 'jewellery', 'clothes', 'shoulders'];
describe('both languages', () => {
  const [chinese, english] = [flat(zh), flat(en)];

  it('have the same keys', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });
  it('leave nothing empty but a fix that is not needed', () => {
    for (const [key, sentence] of [...chinese, ...english]) {
      if (!key.endsWith('/fix')) expect(sentence.trim(), key).not.toBe('');
    }
  });
  it('take the same parameters, unless a language needs none', () => {
    for (const [key, sentence] of chinese) expect(braces(english.get(key) ?? ''), key).toEqual(braces(sentence));
  });
  it('are written in their own script', () => {
    for (const [key, sentence] of english) {
      if (!/other_language|keyboard\/chinese|choice\//.test(key)) expect(sentence, key).not.toMatch(/[\u4e00-\u9fff“”’]/);
    }
  });
  it('hold no word that the page never says', () => {
    const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(svelte|ts)$/.test(path) && !/test|demo|bindings/.test(path))
      .map((path) => readFileSync(join(import.meta.dirname, path), 'utf8'))
      .join('\n');
    const byCode = ['step', 'prompt', 'tip', 'tip_text', 'order', 'next', 'reason', 'reject', 'control', 'field', 'choice', 'notice', 'payment', 'actor', 'payer', 'missing', 'warning', 'name_problem', 'handover_problem', 'roster_file', 'paper_name', 'paper_set', 'print_state', 'print_failure', 'printer_state', 'printer_source', 'outcome', 'outcome_fix', 'parcel_state', 'health', 'health_part', 'health_state', 'mend', 'setting'];
    for (const [section, table] of Object.entries(zh)) {
      if (byCode.includes(section)) continue;
      for (const key of Object.keys(table)) {
        if (section === 'alarm' && key !== 'dismiss') continue;
        expect(sources.includes(`'${key}'`) || (section === 'result' && ['block', 'warn', 'note'].includes(key)), `${section}.${key}`).toBe(true);
      }
    }
  });
});

describe('every code has words', () => {
  const both = (section: Parameters<typeof known>[1], list: string[]) => {
    expect(list.length).toBeGreaterThan(0);
    for (const code of list) for (const language of ['zh', 'en'] as const) expect(known(language, section, code), `${section}.${code}`).not.toBeNull();
  };

  it('of a prompt', () => {
    expect(promptCodes).toHaveLength(23);
    both('prompt', promptCodes);
    for (const code of promptCodes) expect(lesson(code), code).toBeDefined();
  });
  it('of a tip', () => {
    both('tip', tips);
    both('tip_text', tips);
    for (const code of tips) expect(tipLesson(code), code).toBeDefined();
  });
  it('of an order', () => {
    expect(orderStates).toHaveLength(9);
    both('order', [...orderStates, 'waiting', 'absent']);
  });
  it('of a field', () => {
    expect(fieldCodes).toHaveLength(21);
    both('field', fieldCodes);
  });
  it('of a control', () => both('control', documented(view, /\/\/\/ `exposure`, `white_balance`/)));
  it('of an alarm', () => both('alarm', ['many_shots', 'same_face']));
  it('of a payment', () => both('payment', ['none_due', 'cash', 'cash_received', 'later', 'no_new_fee']));
  // That every notice has words is a test of the booth, which knows what can go wrong.
  it('of a check', () => {
    const checks = codes(rust('domain/src/check.rs'), /= "([a-z]+\.[a-z_]+)",/g);
    expect(checks.length).toBeGreaterThan(40);
    for (const code of checks) {
      expect(zhChecks[code]?.fix, code).toBeTruthy();
      expect(enChecks[code]?.fix, code).toBeTruthy();
    }
  });
  it('and every preset an outline', () => {
    const presets = readdirSync(join(repository, 'assets/presets')).map((name) => name.replace('.toml', ''));
    expect(silhouetteIds.sort()).toEqual(presets.sort());
  });
});

describe('sentences', () => {
  it('take their parameters', () => {
    expect(message('zh', { code: 'pin.wrong', params: { left: '2' } }).what).toContain('2');
    expect(message('en', { code: 'pin.locked', params: { seconds: '30' } }).fix).toContain('30');
  });
  it('show the code of what is unknown', () => {
    expect(message('en', { code: 'moon.full', params: {} }).what).toContain('moon.full');
    expect(known('en', 'next', 'moon')).toBeNull();
  });
  it('say findings with their measure, low or high', () => {
    const one = { code: 'pose.roll', grade: 'block' as const, value: '11°', min: '-8°', max: '8°', drawing: 'level' };
    expect(finding('zh', { ...one, low: false }).what).toBe('头向画面右侧歪了 11°，允许 -8° 到 8°');
    expect(finding('zh', { ...one, low: true }).what).toContain('左侧');
    expect(finding('en', { ...one, low: true }).what).toMatch(/^[A-Z]/);
  });
  it('say money and reasons', () => {
    expect(money('zh', 1350)).toBe('13.50 元');
    expect(money('en', 3000)).toBe('¥30');
    expect(money('en', 0)).toBe('Free');
    expect(reason('en', 'pitch')).toContain('lens');
    expect(reason('en', '衣领歪了')).toBe('衣领歪了');
  });
});
