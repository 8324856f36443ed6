// A list that is there as a whole, shown like one that comes page by page: only what is in sight is drawn.
import { untrack } from 'svelte';
import { Pages } from './pages.svelte';

/** `rows` is read again whenever what it depends on changes. Nothing shows before there are rows. */
export function listed<Row>(rows: () => Row[] | null): Pages<Row> {
  const pages = new Pages<Row>(async (offset, limit) => {
    const all = rows();
    return all && { rows: all.slice(offset, offset + limit), offset, total: all.length };
  });
  $effect(() => {
    rows();
    untrack(() => pages.again());
  });
  return pages;
}
