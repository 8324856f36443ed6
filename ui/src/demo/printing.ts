// What the desk is answered about printing, in the gallery and in tests.
import type { DeskAnswer } from '../lib/bindings/DeskAnswer';
import type { DeskRequest } from '../lib/bindings/DeskRequest';
import type { PaperSettings } from '../lib/bindings/PaperSettings';
import type { PrinterView } from '../lib/bindings/PrinterView';
import type { PrintRow } from '../lib/bindings/PrintRow';

type Asked = Extract<DeskRequest, { kind: 'sheets' | 'sheets_start' | 'prints' | 'print_said' | 'print_again' | 'print_cancel' | 'chosen_printers' | 'find_printers' | 'try_printer' | 'paper_form' | 'save_paper' }>;

const slots = [[10, 12], [46, 12], [10, 64], [46, 64]] as const;
const paper = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="102.000mm" height="152.000mm" viewBox="0 0 102.000 152.000"><rect width="100%" height="100%" fill="#fff"/>${inside}</svg>`;
const text = (x: number, y: number, words: string) => `<text transform="matrix(0.01 0 0 0.01 ${x} ${y})" font-family="Noto Sans SC" font-size="317" fill="#000000" xml:space="preserve">${words}</text>`;
const front = paper(slots.map(([x, y]) => `<image x="-16.5" y="-24" width="33" height="48" preserveAspectRatio="xMidYMid slice" transform="matrix(1 0 0 1 ${x + 16.5} ${y + 24})" href="desk/photo-0/finished"/>`).join('') + text(10, 140, '林晓航 20231000'));
const back = paper(text(10, 36, '学号 20231000') + text(10, 42, '姓名 林晓航'));

const line = (id: string, title: string, state: string, more: Partial<PrintRow> = {}): PrintRow => ({ id, title, printer: 'DNP DS620', pages: 24, copy: 1, reprinted: false, state, failure: null, sheets: 24, made: '2027-05-20 14:02', changed: '2027-05-20 14:09', ...more });
/** Newest first. */
export const prints: PrintRow[] = [
  line('p6', '物理 2302 班', 'intended', { changed: '2027-05-20 15:31' }),
  line('p5', '历史 2301 班', 'submitted', { changed: '2027-05-20 15:30' }),
  line('p4', '汉语言 2301 班', 'unknown', { copy: 2, changed: '2027-05-20 15:12' }),
  line('p3', '汉语言 2301 班', 'done', { reprinted: true }),
  line('p2', '信封 1–40', 'failed', { printer: 'Office', sheets: 0, pages: 40, failure: { code: 'refused', trouble: 'printer.options_unsupported' } }),
  line('p1', '经济 2301 班', 'done', { printer: '', pages: 12, sheets: 24 }),
];

const photo: PrinterView = { uri: 'ipp://localhost:631/printers/DS620', name: 'DNP DS620', model: 'Dai Nippon Printing DS620', source: 'cups', state: 'printing', troubles: [], queued: 2, acceptsPdf: true, hasPaper: true, markers: [{ name: 'Ribbon', percent: 12 }] };
const office: PrinterView = { uri: 'ipp://192.168.1.50:631/ipp/print', name: 'Office', model: 'HP LaserJet M405', source: 'driverless', state: 'stopped', troubles: ['printer.media_empty', 'printer.cover_open'], queued: 1, acceptsPdf: true, hasPaper: null, markers: [{ name: 'Black', percent: 64 }, { name: 'Drum', percent: null }] };
const poor: PrinterView = { uri: 'ipp://192.168.1.77:631/ipp/print', name: 'Old', model: '', source: 'driverless', state: 'idle', troubles: [], queued: 0, acceptsPdf: false, hasPaper: false, markers: [] };

const settings: PaperSettings = {
  printer: { uri: photo.uri, name: photo.name }, officePrinter: null, paper: 'six_inch', set: 'five', own: [], caption: 'back', cut: true, several: false, gapMm: 2, perOrderMax: 5, perDayMax: 2000, labelPaper: 'label', sender: '示范大学教务处 浙江省杭州市 0571-00000000',
};

const sheets = (orders: number, reprints: number) => ({ kind: 'sheets' as const, orders, reprints, sheets: orders, printsEach: 5, printed: 48, approved: 74, pages: [front, back], lowestDpi: 254, lacking: ['㛃𬭛'], problem: null, printer: settings.printer });

/** An answer of the right kind. */
export function printingAnswer(request: Asked): DeskAnswer {
  switch (request.kind) {
    case 'sheets': {
      const waiting = [{ college: '文学院', className: '汉语言 2301 班', count: 16 }, { college: '文学院', className: '历史 2301 班', count: 9 }, { college: '', className: '', count: 1 }];
      const orders = request.class ? (waiting.find((one) => one.className === request.class?.className)?.count ?? 0) : 26;
      if (request.orders.length > 0) return { ...sheets(request.orders.length, 1), waiting };
      return { ...sheets(request.again ? orders + 20 : orders, request.again ? 20 : 0), waiting };
    }
    case 'prints':
      return { kind: 'prints', rows: prints.slice(request.offset, request.offset + request.limit), offset: request.offset, total: prints.length, unknown: prints.filter((row) => row.state === 'unknown').length };
    case 'chosen_printers':
      return { kind: 'printers', printers: [photo, office] };
    case 'find_printers':
      return { kind: 'printers', printers: [photo, office, poor] };
    case 'try_printer':
      return { kind: 'printers', printers: [{ ...office, uri: `ipp://${request.address}:631/ipp/print`, name: '', source: 'typed', state: 'idle', troubles: [] }] };
    case 'paper_form':
      return { kind: 'paper_form', settings, papers: ['a4', 'six_inch', 'five_inch', 'roll_102', 'roll_152'], labelPapers: ['label', 'a5', 'dl', 'c5', 'b6'], sets: ['five', 'four_and_eight', 'fill', 'own'] };
    case 'save_paper':
      return request.paper === 'five_inch' && request.set === 'four_and_eight' ? { kind: 'problems', problems: [{ code: 'paper.set_does_not_fit', params: { field: 'set' } }] } : { kind: 'done' };
    case 'sheets_start':
    case 'print_said':
    case 'print_again':
    case 'print_cancel':
      return { kind: 'done' };
  }
}
