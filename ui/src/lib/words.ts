// The words: every sentence of the screen by its code, in both languages.
import type { Language } from './bindings/Language';
import type { FindingView } from './bindings/FindingView';
import type { Notice } from './bindings/Notice';
import type { Words } from './bindings/Words';
import zhChecks from '../../../assets/words/zh.toml?checks';
import enChecks from '../../../assets/words/en.toml?checks';
import en from '../words/en.json';
import zh from '../words/zh.json';

const tables = { zh, en } as const;
const checks = { zh: zhChecks, en: enChecks } as const;

type Table = typeof zh;
export type Section = Exclude<keyof Table, 'notice'>;
export type Params = Record<string, string | number>;

/** What happened, and what to do. */
export interface Message {
  what: string;
  fix: string;
}

function fill(sentence: string, params: Params): string {
  return sentence.replace(/\{(\w+)\}/g, (braces, name: string) => (name in params ? String(params[name]) : braces));
}

/** Says a sentence in the language that shows. */
export type Say = <S extends Section>(section: S, key: keyof Table[S], params?: Params) => string;

/** The sentence of a code that this page wrote itself. */
export function say<S extends Section>(language: Language, section: S, key: keyof Table[S], params: Params = {}): string {
  const table = tables[language][section] as Record<string, string>;
  return fill(table[key as string] ?? String(key), params);
}

/** The sentence of a code that came with a view, or nothing where the code is new to this page. */
export function known(language: Language, section: Section, code: string, params: Params = {}): string | null {
  const sentence = (tables[language][section] as Record<string, string>)[code];
  return sentence === undefined ? null : fill(sentence, params);
}

/** What a notice says; an unknown one shows its code, for staff to read out. */
export function message(language: Language, notice: Notice): Message {
  const table = tables[language].notice as Record<string, Message>;
  const found = table[notice.code] ?? table['unknown'] ?? { what: '{code}', fix: '' };
  const params = { ...notice.params, code: notice.code } as Params;
  // What a file is, or has too much of, comes as a code.
  if (notice.code.startsWith('roster.') && 'what' in params) params['what'] = known(language, 'roster_file', String(params['what'])) ?? params['what'];
  return { what: fill(found.what, params), fix: fill(found.fix, params) };
}

/** What a finding says. */
export function finding(language: Language, one: FindingView): Message & { name: string } {
  const words = checks[language][one.code];
  if (!words) return { name: one.code, ...message(language, { code: one.code, params: {} }) };
  const params: Params = { value: one.value, min: one.min ?? '', max: one.max ?? '' };
  const sentence = one.low ? words.low : words.high;
  return { name: words.name, what: capital(fill(sentence, params)), fix: fill(words.fix, params) };
}

/** What a check looks at. */
export function check(language: Language, code: string): string {
  return checks[language][code]?.name ?? code;
}

/** The command line writes its English in the middle of a sentence. */
function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A text that staff wrote, in the language that shows, or in the other where that one is empty. */
export function written(language: Language, words: Words): string {
  return (language === 'zh' ? words.zh || words.en : words.en || words.zh).trim();
}

/** A choice of a field: its word, or the value itself. */
export function choice(language: Language, field: string, value: string): string {
  return known(language, 'choice', `${field}.${value}`) ?? value;
}

/** Free words or a code: staff may give either as a reason. */
export function reason(language: Language, codeOrWords: string): string {
  return known(language, 'reject', codeOrWords) ?? known(language, 'reason', codeOrWords) ?? codeOrWords;
}

/** An amount of money. */
export function money(language: Language, fen: number): string {
  const yuan = fen / 100;
  const figures = Number.isInteger(yuan) ? String(yuan) : yuan.toFixed(2);
  return say(language, 'money', fen === 0 ? 'free' : 'yuan', { yuan: figures });
}
