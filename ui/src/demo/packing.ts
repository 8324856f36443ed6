// Parcels in the gallery and in tests, made up.
import type { DeskAnswer } from '../lib/bindings/DeskAnswer';
import type { DeskRequest } from '../lib/bindings/DeskRequest';
import type { MissingRow } from '../lib/bindings/MissingRow';
import type { PackedRow } from '../lib/bindings/PackedRow';
import type { ParcelDetail } from '../lib/bindings/ParcelDetail';
import type { ParcelRow } from '../lib/bindings/ParcelRow';

type Packing = Extract<DeskRequest, { kind: 'parcels' | 'parcel' | 'parcel_begin' | 'scan' | 'unpack' | 'parcel_step' | 'papers' | 'papers_start' }>;

const names = ['林晓航', '阿依古丽·买买提', '王一诺', '欧阳思远', '陈默', '李雨桐', '赵子墨', '周雅琪', '吴俊杰', '孙梦瑶', '徐若曦', '马天宇'];
const name = (at: number) => names[at % names.length]!;

export function parcel(number: number, state: string, sheets: number, wanted: number, more: Partial<ParcelRow> = {}): ParcelRow {
  return { id: `parcel-${number}`, code: `os5pwe-P${number}`, number, college: '文学院', className: `汉语言 230${number} 班`, order: null, state, sheets, wanted, carrier: '', tracking: '', sent: '', ...more };
}
export const sheet = (at: number): PackedRow => ({ code: `000015-20270520115644${600 + at}.1`, name: name(at), studentNumber: `20230140${77 + at}` });
export const missed = (at: number, printed: boolean): MissingRow => ({ order: `order-${at}`, name: name(at), studentNumber: `20230140${77 + at}`, printed });

const rows = [
  parcel(1, 'sent', 28, 28, { carrier: '顺丰速运', tracking: 'SF1234567890123', sent: '2027-06-02 16:40' }),
  parcel(2, 'closed', 31, 31),
  parcel(3, 'open', 9, 12),
];

export function detail(id: string): ParcelDetail {
  const row = rows.find((one) => one.id === id) ?? parcel(4, 'open', 0, 3);
  return {
    parcel: row,
    sheets: Array.from({ length: row.sheets }, (_, at) => sheet(at)),
    missing: Array.from({ length: row.wanted - row.sheets }, (_, at) => missed(row.sheets + at, at === 1)),
  };
}

/** A page with a few lines on it. */
const page = (width: number, height: number, text: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}"><rect x="0" y="0" width="${width}" height="${height}" fill="#ffffff"/><text x="10" y="24" font-size="10" fill="#14202c">${text}</text></svg>`;

/** An answer of the right kind to every question about parcels. */
export function packingAnswer(request: Packing): DeskAnswer {
  switch (request.kind) {
    case 'parcels':
      return { kind: 'parcels', individual: false, rows, due: [{ college: '历史学院', className: '历史 2301 班', order: null, wanted: 30, printed: 28 }, { college: '', className: '物理 2302 班', order: null, wanted: 26, printed: 0 }] };
    case 'parcel':
      return { kind: 'parcel', ...detail(request.id) };
    case 'parcel_begin':
      return { kind: 'parcel', ...detail('parcel-4') };
    case 'scan': {
      const number = /-P(\d+)$/.exec(request.code)?.[1];
      if (number) return { kind: 'scanned', outcome: 'parcel', parcel: `parcel-${number}`, number: Number(number), code: request.code, name: '', className: '' };
      if (!/^\d{6}-\d{17}\.\d+$/.test(request.code)) return { kind: 'scanned', outcome: 'no_such_sheet', parcel: request.parcel, number: null, code: request.code, name: '', className: '' };
      return { kind: 'scanned', outcome: 'put', parcel: request.parcel ?? 'parcel-3', number: null, code: request.code, name: '阿依古丽·买买提', className: '汉语言 2303 班' };
    }
    case 'papers':
      return { kind: 'papers', pages: [page(150, 100, '第 1 包'), page(150, 100, '第 2 包')], total: request.ids.length > 0 ? 1 : 3, lacking: request.what === 'packing' ? '𬎆' : '' };
    case 'unpack':
    case 'parcel_step':
    case 'papers_start':
      return { kind: 'done' };
  }
}
