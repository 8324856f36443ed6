// The words in the language that the view asks for, for components.
import { useKiosk } from './kiosk.svelte';
import type { FindingView } from './bindings/FindingView';
import type { Language } from './bindings/Language';
import type { Notice } from './bindings/Notice';
import type { Words } from './bindings/Words';
import * as words from './words';

/** Read inside markup or a derived value, so that it follows the language switch. */
export function useSpeech() {
  const kiosk = useKiosk();
  const language = (): Language => kiosk.view?.language ?? 'zh';
  const say: words.Say = (section, key, params) => words.say(language(), section, key, params);
  return {
    language,
    say,
    known: (section: words.Section, code: string, params?: words.Params) =>
      words.known(language(), section, code, params) ?? code,
    message: (notice: Notice) => words.message(language(), notice),
    finding: (one: FindingView) => words.finding(language(), one),
    check: (code: string) => words.check(language(), code),
    written: (both: Words) => words.written(language(), both),
    choice: (field: string, value: string) => words.choice(language(), field, value),
    reason: (text: string) => words.reason(language(), text),
    money: (fen: number) => words.money(language(), fen),
  };
}
