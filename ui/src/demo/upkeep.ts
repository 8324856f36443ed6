// Health, settings and retention in the gallery and in tests, made up.
import type { DeskAnswer } from '../lib/bindings/DeskAnswer';
import type { DeskRequest } from '../lib/bindings/DeskRequest';
import type { HealthRow } from '../lib/bindings/HealthRow';
import type { RetentionRow } from '../lib/bindings/RetentionRow';

type Upkeep = Extract<DeskRequest, { kind: 'missing_list' | 'health' | 'self_check' | 'kiosk_form' | 'save_kiosk' | 'settings_export' | 'settings_open' | 'settings_apply' | 'retention' | 'erase' }>;

const part = (code: string, state: string, params: Record<string, string> = {}, mend: string | null = null, of = code.split('_')[0]!): HealthRow => ({ part: of, state, code, params, mend });

export const parts: HealthRow[] = [
  part('session_open', 'good', { name: '2027 届毕业生图像采集' }),
  part('camera_live', 'good', { name: 'Logitech BRIO', width: '1920', height: '1080' }, 'camera'),
  part('models_ready', 'good'),
  part('store_good', 'good', {}, 'check'),
  part('disk_low', 'warned', { free: '8.2 GB' }),
  part('backup_old', 'warned', { when: '2027-05-17 18:00' }, 'backup'),
  part('keystore_platform', 'good'),
  part('printer_trouble', 'bad', { name: 'DNP DS620', trouble: 'printer.media_empty' }, 'printing'),
  part('prints_unknown', 'warned', { count: '2' }, 'printing'),
  part('outbox_kept', 'off', { count: '3' }),
  part('clock_good', 'good', { now: '2027-05-20 11:56' }),
  part('pins_one', 'warned', { role: 'photographer' }, 'settings'),
];

export const retained: RetentionRow[] = [
  { id: 's1', featureCode: 'os5pwe', name: { zh: '2027 届毕业生图像采集', en: 'Class of 2027' }, photos: 96, unfinished: 58, due: '', overdue: false, erased: '' },
  { id: 's2', featureCode: 'C5UG16', name: { zh: '补采', en: 'Late comers' }, photos: 12, unfinished: 2, due: '2027-04-30', overdue: true, erased: '' },
  { id: 's3', featureCode: '610967', name: { zh: '2027 届春季', en: 'Spring 2027' }, photos: 240, unfinished: 0, due: '2027-09-01', overdue: false, erased: '' },
  { id: 's4', featureCode: 'p7uksh', name: { zh: '2026 届', en: 'Class of 2026' }, photos: 0, unfinished: 0, due: '2026-10-01', overdue: false, erased: '2026-10-03 09:12' },
];

/** An answer of the right kind to every question about the kiosk's upkeep. */
export function upkeepAnswer(request: Upkeep): DeskAnswer {
  switch (request.kind) {
    case 'missing_list':
      return { kind: 'written', path: `${request.folder}/未采集名单.xlsx` };
    case 'health':
      return { kind: 'health', parts };
    case 'self_check':
      return { kind: 'health', parts: parts.map((row) => (row.part === 'store' ? { ...row, code: 'check_clean', params: { photos: '812', lines: '15204' }, mend: null } : row)) };
    case 'kiosk_form':
      return { kind: 'kiosk_form', language: 'zh', idleS: 60, keepDays: 180 };
    case 'settings_export':
      return { kind: 'written', path: `${request.folder}/caixiang-settings.toml` };
    case 'settings_open':
      return {
        kind: 'settings_changes',
        changes: [
          { key: 'printing.paper', before: 'a4', after: 'six_inch' },
          { key: 'printing.printer', before: '', after: 'DNP DS620' },
          { key: 'printing.cut', before: 'true', after: 'false' },
          { key: 'kiosk.idle_s', before: '60', after: '45' },
        ],
      };
    case 'retention':
      return { kind: 'retention', keepDays: 180, rows: retained };
    case 'save_kiosk':
    case 'settings_apply':
    case 'erase':
      return { kind: 'done' };
  }
}
