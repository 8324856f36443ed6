// Made-up parts of views, for developing, screenshots and component tests. Nobody here exists.
import type { CaptureView } from '../lib/bindings/CaptureView';
import type { FieldView } from '../lib/bindings/FieldView';
import type { FindingView } from '../lib/bindings/FindingView';
import type { LineView } from '../lib/bindings/LineView';
import type { LiveView } from '../lib/bindings/LiveView';
import type { OrderView } from '../lib/bindings/OrderView';
import type { PanelView } from '../lib/bindings/PanelView';
import type { PhotoView } from '../lib/bindings/PhotoView';
import type { ProductView } from '../lib/bindings/ProductView';
import type { QueueRow } from '../lib/bindings/QueueRow';
import type { ResultView } from '../lib/bindings/ResultView';
import type { SessionView } from '../lib/bindings/SessionView';
import type { View } from '../lib/bindings/View';
import type { Viewport } from '../lib/bindings/Viewport';

export const session: SessionView = {
  name: { zh: '2027 届毕业生图像采集', en: 'Graduation photos, class of 2027' },
  school: { zh: '东湖大学', en: 'East Lake University' },
  featureCode: 'os5pwe',
  bring: [
    { zh: '身份证', en: 'ID card' },
    { zh: '手机（图像采集码）', en: 'Phone with your capture code' },
    { zh: '深色有领上衣', en: 'Dark shirt with a collar' },
  ],
  identity: 'roster',
  demonstration: false,
  backdrop: '#64c5ff',
  photoWidthPx: 480,
  photoHeightPx: 640,
};

export const photo: PhotoView = { original: 'photo/1/original', finished: 'photo/1/finished' };
export const whole: Viewport = { x: 0, y: 0, width: 1, height: 1 };
/** A 3:4 part in the middle of a 16:9 picture. */
export const middle: Viewport = { x: 0.311, y: 0.06, width: 0.378, height: 0.896 };

export function field(code: string, value: string, more: Partial<FieldView> = {}): FieldView {
  return { code, value, kind: 'text', choices: [], required: true, editable: false, problem: null, ...more };
}

export const fields: FieldView[] = [
  field('name', '林晓航'),
  field('student_number', '2023014077'),
  field('sex', '女', { kind: 'choice', choices: ['男', '女'] }),
  field('id_number', '3301**********482X'),
  field('college', '信息工程学院'),
  field('major', '计算机科学与技术'),
  field('class_name', '计科 2301 班'),
  field('phone', '13800138000', { kind: 'digits', editable: true }),
];

export const emptyFields: FieldView[] = [
  field('name', '', { editable: true }),
  field('sex', '', { kind: 'choice', choices: ['男', '女'], editable: true }),
  field('student_number', '20230140', { kind: 'code', editable: true }),
  field('phone', '1380013', { kind: 'digits', editable: true, problem: { code: 'field.phone', params: {} } }),
  field('college', '信息工程学院', { editable: true }),
  field('class_name', '', { required: false, editable: true }),
];

export const address: FieldView[] = [
  field('recipient', '林晓航', { editable: true }),
  field('recipient_phone', '13800138000', { kind: 'digits', editable: true }),
  field('region', '浙江省杭州市西湖区', { editable: true }),
  field('address', '', { editable: true, problem: { code: 'field.required', params: {} } }),
];

export const products: ProductView[] = [
  { code: 'electronic', name: { zh: '电子照片', en: 'Electronic photo' }, feeFen: 1500, paper: false },
  { code: 'paper', name: { zh: '电子照片 + 2寸×4 + 1寸×8', en: 'Electronic, 4 large and 8 small prints' }, feeFen: 3000, paper: true },
];

export function live(more: Partial<LiveView> = {}): LiveView {
  return {
    phase: { kind: 'aiming' },
    ready: false,
    prompt: null,
    viewport: middle,
    autoShutter: true,
    silhouette: 'chsi',
    ...more,
  };
}

export function capture(more: Partial<LiveView> = {}, rest: Partial<CaptureView> = {}): CaptureView {
  return { live: live(more), shots: 0, failed: null, rejection: null, ...rest };
}

const finding = (code: string, grade: FindingView['grade'], drawing: string, low = false): FindingView => ({
  code,
  grade,
  low,
  value: '11°',
  min: '-8°',
  max: '8°',
  drawing,
});

export const warnings = [finding('hair.ears', 'warn', 'hair', true), finding('glasses.glare', 'warn', 'glasses'), finding('light.hot_spots', 'note', 'light')];
export const blocking = [finding('eyes.open_left', 'block', 'eyes', true), finding('pose.roll', 'block', 'level'), finding('mouth.gap', 'block', 'mouth'), ...warnings];

export function result(more: Partial<ResultView> = {}): ResultView {
  return { photo, crop: middle, findings: [], blocked: false, overrideReason: null, forReview: 0, shots: 1, ...more };
}

export function order(shotNumber: number, state: string, more: Partial<OrderView> = {}): OrderView {
  const number = `000015-20270520115644${String(600 + shotNumber)}`;
  return {
    id: `order-${shotNumber}`,
    number,
    shotNumber,
    state,
    created: '2027-05-20 11:56',
    feeFen: 1500,
    rejection: null,
    canReplace: false,
    student: '林*航',
    photo,
    crop: middle,
    ...more,
  };
}

const names = ['林晓航', '阿依古丽·买买提', '王一诺', '欧阳思远', '陈默', '李雨桐', '赵子墨', '周雅琪', '吴俊杰', '孙梦瑶', '徐若曦', '马天宇'];

export function row(index: number, standing = 'waiting'): QueueRow {
  return {
    id: `subject-${index}`,
    index,
    name: names[index % names.length] ?? '',
    studentNumber: `20230140${String(77 + index)}`,
    className: '计科 2301 班',
    standing,
  };
}

export function line(more: Partial<LineView> = {}): LineView {
  const standings = ['pending_review', 'absent', 'pending_review'];
  return {
    search: '',
    rows: Array.from({ length: 40 }, (_, index) => row(index, standings[index] ?? 'waiting')),
    offset: 0,
    total: 800,
    waiting: 642,
    done: 151,
    absent: 7,
    current: row(3),
    live: live(),
    result: null,
    failed: null,
    busy: false,
    accepted: row(2, 'pending_review'),
    alarms: [],
    compare: false,
    ...more,
  };
}

export function panel(more: Partial<PanelView> = {}): PanelView {
  return {
    tab: 'overview',
    cameras: [
      { id: 'usb-1', name: 'Logitech BRIO', kind: 'usb', chosen: true },
      { id: 'usb-2', name: 'Integrated Camera', kind: 'usb', chosen: false },
      { id: 'folder', name: '/srv/tether', kind: 'folder', chosen: false },
      { id: 'stills', name: '', kind: 'stills', chosen: false },
    ],
    controls: [
      { code: 'exposure', min: 3, max: 2047, step: 1, value: 312, auto: false },
      { code: 'white_balance', min: 2000, max: 7500, step: 10, value: 5200, auto: true },
      { code: 'focus', min: 0, max: 255, step: 5, value: 40, auto: true },
      { code: 'zoom', min: 100, max: 500, step: 1, value: 100, auto: null },
      { code: 'gain', min: 0, max: 255, step: 1, value: 24, auto: null },
    ],
    locked: false,
    largeStill: { widthPx: 3840, heightPx: 2160, on: false },
    role: 'manager',
    pending: null,
    decided: 0,
    orderCount: 154,
    rejectReasons: ['pitch', 'pose', 'eyes', 'expression', 'hair', 'glasses', 'clothes', 'light', 'blurred', 'background', 'jewellery', 'wrong_person'],
    autoShutter: true,
    lastBackup: '2027-05-20 08:00',
    version: '0.2.0',
    ...more,
  };
}

export const base: View = {
  version: 1,
  language: 'zh',
  working: 'self_service',
  session,
  screen: { kind: 'welcome' },
  step: null,
  notice: null,
  canGoBack: false,
  idle: null,
  staff: null,
  staffCalled: false,
  status: {
    camera: { kind: 'live', name: 'Logitech BRIO', widthPx: 1920, heightPx: 1080 },
    weakKeys: false,
    unsent: 0,
    sound: false,
  },
};
