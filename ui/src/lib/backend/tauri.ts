// The program behind the page, over Tauri's calls, one event and the camera's own scheme.
import { convertFileSrc, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { DeskAnswer } from '../bindings/DeskAnswer';
import type { View } from '../bindings/View';
import type { Backend, PinyinAnswer } from '.';

/** `cam://localhost/` or, where schemes are hosts, `http://cam.localhost/`. */
function cameraBase(): string {
  return convertFileSrc('', 'cam');
}

export function tauriBackend(): Backend {
  const base = cameraBase();
  return {
    view: () => invoke<View>('view'),
    listen: (onView) => listen<View>('view', (event) => onView(event.payload)),
    act: (action) => invoke<void>('act', { action }),
    desk: (request) => invoke<DeskAnswer>('desk', { request }),
    pinyin: (letters) => invoke<PinyinAnswer>('pinyin', { letters }),
    photo: (path) => base + path.replace(/^\/+/, ''),
    async frame(seq, signal) {
      const answer = await fetch(`${base}live?after=${seq}`, { signal, cache: 'no-store' });
      if (answer.status === 204) return null;
      const number = Number(answer.headers.get('X-Seq'));
      if (!answer.ok || !Number.isFinite(number)) throw new Error(`live view answered ${answer.status}`);
      return { seq: number, picture: await answer.blob() };
    },
  };
}
