// A scripted stand-in for the program: for developing in a browser, for screenshots and for tests. Never part of a build.
import type { Action } from '../bindings/Action';
import type { Screen } from '../bindings/Screen';
import type { View } from '../bindings/View';
import { deskAnswer } from '../../demo/desk';
import { gallery } from '../../demo/gallery';
import { dataUrl, finished, room } from '../../demo/pictures';
import type { Backend, Candidate } from '.';

const FRAME_MS = 66;
const syllables: Record<string, string[]> = {
  lin: ['林', '临', '邻', '琳', '霖', '淋', '麟', '鳞', '凛', '吝'],
  xiao: ['小', '晓', '笑', '肖', '萧', '校', '孝', '消'],
  hang: ['航', '行', '杭', '巷'],
};

function pinyin(letters: string): { syllables: string[]; list: Candidate[] } {
  const first = Object.keys(syllables).find((one) => letters.startsWith(one));
  if (!first) return { syllables: [letters], list: [] };
  const list = (syllables[first] ?? []).map((text) => ({ text, letters: first.length }));
  if (letters === 'linxiaohang') list.unshift({ text: '林晓航', letters: letters.length });
  return { syllables: [first, letters.slice(first.length)].filter(Boolean), list };
}

/** What the script makes of an action; most change nothing. */
export function react(view: View, action: Action): View {
  const next = { ...view, version: view.version + 1 };
  if (action.kind === 'speak') return { ...next, language: action.language };
  if (action.kind === 'call_staff') return { ...next, staffCalled: !view.staffCalled };
  if (action.kind === 'close_staff') return { ...next, staff: null };
  if (action.kind === 'touch') return { ...next, idle: null };
  if (action.kind === 'answer' && view.screen.kind === 'agreement') {
    const screen = { ...view.screen, [action.consent]: action.given };
    return { ...next, screen: { ...screen, complete: screen.photograph !== null && screen.network !== null } };
  }
  if (action.kind === 'tab' && view.staff?.kind === 'panel') return { ...next, staff: { ...view.staff, tab: action.tab } };
  if (action.kind === 'fill') return { ...next, screen: fill(view.screen, action.field, action.value) };
  if (action.kind === 'choose' && view.screen.kind === 'delivery') return { ...next, screen: { ...view.screen, chosen: action.product } };
  if (action.kind === 'next' || action.kind === 'back') return { ...step(view, action.kind === 'next' ? 1 : -1), version: next.version, language: view.language };
  return next;
}

function fill(screen: Screen, code: string, value: string): Screen {
  const change = (fields: Extract<Screen, { kind: 'details' }>['fields']) =>
    fields.map((field) => (field.code === code ? { ...field, value, problem: null } : field));
  if (screen.kind === 'details') return { ...screen, fields: change(screen.fields) };
  return screen.kind === 'delivery' ? { ...screen, address: change(screen.address) } : screen;
}

const road = ['welcome', 'agreement', 'identify', 'last_four', 'details', 'delivery', 'guidelines', 'capture', 'result', 'summary', 'done'];

function step(view: View, by: number): View {
  const here = road.indexOf(view.screen.kind);
  return gallery[road[(here + by + road.length) % road.length] ?? 'welcome'] ?? view;
}

async function drawFrame(seq: number): Promise<Blob> {
  const image = new Image();
  image.src = dataUrl(room(Math.sin(seq / 12) * 18));
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
  canvas.getContext('2d')?.drawImage(image, 0, 0, 1280, 720);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', 0.8),
  );
}

export function webBackend(address: URL): Backend {
  const start = gallery[address.searchParams.get('screen') ?? 'welcome'] ?? gallery['welcome']!;
  const language = address.searchParams.get('lang') === 'en' ? 'en' : 'zh';
  let view: View = { ...start, language };
  const listeners = new Set<(view: View) => void>();
  return {
    view: async () => view,
    async listen(onView) {
      listeners.add(onView);
      return () => listeners.delete(onView);
    },
    async act(action) {
      view = react(view, action);
      listeners.forEach((listener) => listener(view));
    },
    desk: async (request) => deskAnswer(request),
    pinyin: async (letters) => pinyin(letters),
    photo: (path) => dataUrl(path.endsWith('finished') ? finished() : room()),
    async frame(seq) {
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
      if (view.status.camera.kind !== 'live') return null;
      return { seq: seq + 1, picture: await drawFrame(seq + 1) };
    },
  };
}
