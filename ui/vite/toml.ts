// Lets the page import the message files of the checks, which are TOML.
import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import type { Plugin } from 'vite';

/** Imports `words.toml?checks` as the file's table of checks and nothing else: the rest is the command line's. */
export function checkWords(): Plugin {
  const suffix = '.toml?checks';
  return {
    name: 'check-words',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith(suffix)) return null;
      const path = id.slice(0, -'?checks'.length);
      this.addWatchFile(path);
      const table = parse(readFileSync(path, 'utf8'));
      return { code: `export default ${JSON.stringify(table['check'])};`, map: null };
    },
  };
}
