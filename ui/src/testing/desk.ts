// A page of the desk, what it asks, and answers other than the gallery's.
import { deskAnswer } from '../demo/desk';
import { gallery } from '../demo/gallery';
import type { DeskAnswer } from '../lib/bindings/DeskAnswer';
import type { DeskRequest } from '../lib/bindings/DeskRequest';
import type { View } from '../lib/bindings/View';
import { show } from './show';

export type Answers = { [K in DeskRequest['kind']]?: (request: Extract<DeskRequest, { kind: K }>) => object | Promise<object> };

/** The page of this name in the gallery, some of its view and some answers other than the gallery's; no work is under way. */
export async function page(name: string, answers: Answers = {}, more: Partial<View> = {}) {
  const asked: DeskRequest[] = [];
  const all: Answers = { job: () => ({ kind: 'job', job: null }), ...answers };
  const shown = await show({ ...gallery[name]!, ...more }, (backend) => {
    backend.desk = async (request) => {
      asked.push(request);
      const answer = all[request.kind] as ((request: DeskRequest) => object | Promise<object>) | undefined;
      return { ...deskAnswer(request), ...(await answer?.(request)) } as DeskAnswer;
    };
  });
  const of = <K extends DeskRequest['kind']>(kind: K) => asked.filter((one) => one.kind === kind) as Extract<DeskRequest, { kind: K }>[];
  const by = shown.by as (id: string) => HTMLButtonElement;
  return { ...shown, by, asked, of };
}
