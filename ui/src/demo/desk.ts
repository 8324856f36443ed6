// What the desk is answered in the gallery and in tests: a session of three classes, made up.
import type { DeskAnswer } from '../lib/bindings/DeskAnswer';
import type { DeskRequest } from '../lib/bindings/DeskRequest';
import type { OrderRow } from '../lib/bindings/OrderRow';
import type { Progress } from '../lib/bindings/Progress';
import type { SessionDraft } from '../lib/bindings/SessionDraft';
import type { StudentRow } from '../lib/bindings/StudentRow';
import { packingAnswer } from './packing';
import { printingAnswer } from './printing';
import { upkeepAnswer } from './upkeep';

const names = ['林晓航', '王一诺', '陈默', '李雨桐', '赵子墨', '周可欣', '吴思远', '郑书瑶'];
const classes = ['汉语言 2301 班', '历史 2301 班', '物理 2302 班'];
const states = ['pending_review', 'pending_review', 'rejected', 'pending_production', 'pending_payment'];

function student(index: number): StudentRow {
  const standing = index % 5 === 0 ? 'absent' : index % 2 === 0 ? 'waiting' : 'pending_review';
  return { id: `student-${index}`, name: names[index % names.length]!, studentNumber: `2023${1000 + index}`, college: '文学院', className: classes[index % classes.length]!, standing };
}

export function order(index: number, more: Partial<OrderRow> = {}): OrderRow {
  const grade = ['clean', 'clean', 'warned', 'clean', 'blocked'][index % 5]!;
  return {
    id: `order-${index}`,
    number: `000015-20270520115644${String(index).padStart(3, '0')}`,
    shotNumber: index,
    state: states[index % states.length]!,
    created: '2027-05-20 11:56',
    feeFen: 3000,
    rejection: states[index % states.length] === 'rejected' ? 'pitch' : null,
    name: names[index % names.length]!,
    studentNumber: `2023${1000 + index}`,
    college: '文学院',
    className: classes[index % classes.length]!,
    grade,
    broken: grade === 'clean' ? [] : ['light.balance', 'pose.yaw'],
    overrideReason: grade === 'blocked' ? 'religious' : null,
    photo: { original: `desk/photo-${index}/original`, finished: `desk/photo-${index}/finished` },
    ...more,
  };
}

const progress = (total: number, collected: number, absent: number, rejected: number): Progress => ({ total, collected, waiting: total - collected - absent, absent, rejected, inReview: Math.floor(collected / 2), approved: Math.floor(collected / 3) });

const draft: SessionDraft = {
  id: null, featureCode: '', name: { zh: '', en: '' }, schoolCode: '', school: { zh: '', en: '' }, identity: 'roster', delivery: 'centralised', payer: 'school', preset: 'chsi', backdrop: '#64c5ff',
  fields: [{ field: 'name', required: true, editable: false }, { field: 'phone', required: false, editable: true }],
  products: [{ code: 'p1', name: { zh: '毕业证件照', en: 'Graduation photo' }, feeFen: 3000, paper: true }],
  bring: [], noGlasses: false, opens: '', closes: '', stricter: [{ check: 'pose.yaw', min: -5, max: 5, severity: '' }],
};
const rules = [{ check: 'pose.yaw', min: -8, max: 8, severity: 'block' }, { check: 'light.balance', min: null, max: 0.25, severity: 'warn' }];

/** An answer of the right kind to every question. */
export function deskAnswer(request: DeskRequest): DeskAnswer {
  switch (request.kind) {
    case 'today':
      return {
        kind: 'today',
        all: progress(154, 96, 7, 3),
        classes: classes.map((className, at) => ({ college: '文学院', className, progress: progress(50 + at, 20 + 16 * at, 3 - at, at) })),
        hours: [8, 9, 10, 11].map((hour, at) => ({ hour, count: [12, 34, 31, 19][at]! })),
        ratePerHour: 38.4, end: '2027-05-20 13:22', lookedAt: 96, grades: [71, 20, 5],
        findings: [{ code: 'light.balance', recent: 9, before: 3, alarm: true }, { code: 'pose.yaw', recent: 2, before: 11, alarm: false }],
      };
    case 'students': {
      const rows = Array.from({ length: Math.min(request.limit, 154 - request.offset) }, (_, at) => student(request.offset + at));
      return { kind: 'students', rows: request.text === 'nobody' ? [] : rows, offset: request.offset, total: request.text === 'nobody' ? 0 : 154, classes };
    }
    case 'orders': {
      const rows = Array.from({ length: Math.min(request.limit, 96 - request.offset) }, (_, at) => order(request.offset + at));
      return { kind: 'orders', rows, offset: request.offset, total: 96, classes };
    }
    case 'order_ids':
      return { kind: 'order_ids', ids: ['order-0', 'order-1'] };
    case 'order':
      return {
        kind: 'order',
        order: order(Number(request.id.split('-')[1])),
        crop: { x: 0.3, y: 0.1, width: 0.4, height: 0.8 },
        history: [
          { state: 'pending_review', reason: null, actor: 'student', at: '2027-05-20 11:56', newPhoto: false },
          { state: 'rejected', reason: 'pitch', actor: 'manager', at: '2027-05-20 12:03', newPhoto: false },
          { state: 'pending_review', reason: null, actor: 'student', at: '2027-05-20 12:20', newPhoto: true },
        ],
      };
    case 'sessions':
      return {
        kind: 'sessions',
        sessions: [
          { id: 's1', name: { zh: '2027 届毕业生图像采集', en: 'Class of 2027' }, school: { zh: '示范大学', en: 'Model University' }, featureCode: 'os5pwe', identity: 'roster', opens: '2027-05-18', closes: '2027-05-22', closed: false, active: true, demonstration: false, students: 154, collected: 96 },
          { id: 's2', name: { zh: '补采', en: 'Late comers' }, school: { zh: '示范大学', en: 'Model University' }, featureCode: 'C5UG16', identity: 'code', opens: null, closes: null, closed: true, active: false, demonstration: false, students: 12, collected: 12 },
        ],
      };
    case 'session_form':
      return {
        kind: 'session_form', draft,
        presets: [{ id: 'chsi', name: { zh: '学信网', en: 'CHSI' }, backdrops: ['#64c5ff', '#ffffff', '#f0f0f0'], widthPx: 480, heightPx: 640, rules }],
        fields: ['name', 'student_number', 'id_number', 'college', 'class_name', 'phone'], payers: ['self', 'school', 'class', 'prepaid', 'cash'],
        schools: [{ code: '4122010183', name: { zh: '吉林大学', en: 'Jilin University' } }], begun: false,
      };
    case 'save_session':
      return { kind: 'problems', problems: [{ code: 'session.feature_code', params: { field: 'feature_code' } }] };
    case 'folder':
      return request.path === null
        ? { kind: 'folder', path: null, above: null, entries: [{ name: 'KINGSTON', path: '/media/KINGSTON', what: 'usb', bytes: 0, changed: '' }, { name: '', path: '/home', what: 'home', bytes: 0, changed: '' }], cut: false }
        : { kind: 'folder', path: request.path, above: '/media', entries: [{ name: 'roster.xlsx', path: `${request.path}/roster.xlsx`, what: 'file', bytes: 48211, changed: '2027-05-18 09:02' }], cut: false };
    case 'roster_open':
    case 'roster_map':
      return {
        kind: 'roster', file: 'roster.xlsx', sheets: ['Sheet1'], sheet: 'Sheet1', headerRow: 0,
        columns: [{ title: '姓名', field: 'name' }, { title: '学号', field: 'student_number' }, { title: '身份证号', field: 'id_number' }, { title: '班级', field: 'class_name' }],
        fields: ['name', 'student_number', 'id_number', 'class_name'], preview: [['林晓航', '20231000', '9900**********1234', classes[0]!], ['王一诺', '20231001', '9900**********1234', classes[0]!]],
        missing: [], counts: { rows: 154, refused: 2, warned: 1, added: 12, changed: 1, same: 139, gone: 3, conflicts: 1, problems: 3 },
        problems: [{ row: 17, field: 'id_number', problem: { code: 'row.checksum', params: {} }, refused: true }, { row: 40, field: 'student_number', problem: { code: 'row.duplicate', params: { row: '12' } }, refused: true }, { row: 51, field: 'phone', problem: { code: 'row.bad_phone', params: {} }, refused: false }],
        changes: [{ row: 9, hasOrder: true, fields: [{ field: 'class_name', old: classes[0]!, new: classes[1]! }] }], conflicts: [{ row: 88, people: 2, rows: [] }],
      };
    case 'roster_apply':
      return { kind: 'roster_applied', added: 12, changed: 1 };
    case 'handover_plan':
      return {
        kind: 'handover', photos: 96, missing: 58, reasons: [{ code: 'waiting', count: 51 }, { code: 'absent', count: 7 }], parcels: 0, bytes: 2_914_200,
        names: ['照片/20231000.jpg', '照片/20231001.jpg'], problems: [{ student: '王一诺', code: 'changed', detail: 'name', blocking: false }], blocking: 0, warnings: request.target === 'age' ? [] : ['not_enciphered'], fields: ['student_number', 'name'],
      };
    case 'sheets':
    case 'sheets_start':
    case 'prints':
    case 'print_said':
    case 'print_again':
    case 'print_cancel':
    case 'chosen_printers':
    case 'find_printers':
    case 'try_printer':
    case 'paper_form':
    case 'save_paper':
      return printingAnswer(request);
    case 'parcels':
    case 'parcel':
    case 'parcel_begin':
    case 'scan':
    case 'unpack':
    case 'parcel_step':
    case 'papers':
    case 'papers_start':
      return packingAnswer(request);
    case 'missing_list':
    case 'health':
    case 'self_check':
    case 'kiosk_form':
    case 'save_kiosk':
    case 'settings_export':
    case 'settings_open':
    case 'settings_apply':
    case 'retention':
    case 'erase':
      return upkeepAnswer(request);
    case 'job':
      return { kind: 'job', job: { what: 'handover', stage: 'writing', done: 40, total: 96, found: 12, path: '/media/KINGSTON/caixiang-os5pwe.zip.age', failure: null, problems: [] } };
    case 'roster_bad_rows':
    case 'roster_template':
      return { kind: 'written', path: `${request.folder}/roster.xlsx` };
    default:
      return { kind: 'done' };
  }
}
