// The photographer's keys: what each does depends on whether a photo is waiting to be judged.
import type { Action } from '../lib/bindings/Action';
import type { LineView } from '../lib/bindings/LineView';
import { isShutterKey } from '../lib/input/presenter';

type Key = Pick<KeyboardEvent, 'key' | 'repeat' | 'ctrlKey' | 'altKey' | 'metaKey'>;

export function lineAction(event: Key, line: LineView): Action | null {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return null;
  const result = line.result;
  const blocked = result !== null && result.blocked && result.overrideReason === null;
  switch (event.key.toLowerCase()) {
    case 'n':
      return { kind: 'next_person' };
    case 'x':
      return line.current ? { kind: 'absent' } : null;
    case 'r':
      return result ? { kind: 'retake' } : null;
    case 'a':
      return result && !blocked ? { kind: 'accept' } : null;
    case 'z':
      return line.accepted && !line.busy ? { kind: 'take_back' } : null;
    case 'enter':
      if (result) return blocked ? null : { kind: 'accept' };
      break;
    case 'escape':
      return line.live.phase.kind === 'countdown' ? { kind: 'hold' } : null;
  }
  // With a photo to judge, the shutter would throw it away unseen: retake says so in words.
  if (!isShutterKey(event) || result || line.busy || !line.current) return null;
  return { kind: 'shoot' };
}
