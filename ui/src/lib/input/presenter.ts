// Which keys open the shutter: the space bar, Enter, and what presenters and remote shutters send.
const SHUTTER = new Set([' ', 'Enter', 'PageDown', 'PageUp', 'F5', 'AudioVolumeUp', 'AudioVolumeDown', 'MediaPlayPause', 'b', '.']);

export function isShutterKey(event: Pick<KeyboardEvent, 'key' | 'repeat' | 'ctrlKey' | 'altKey' | 'metaKey'>): boolean {
  return !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey && SHUTTER.has(event.key);
}
