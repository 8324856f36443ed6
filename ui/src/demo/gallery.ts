// A view for every screen and layer, by name: ?screen=result&lang=en.
import type { CameraStatus } from '../lib/bindings/CameraStatus';
import type { Screen } from '../lib/bindings/Screen';
import type { StaffLayer } from '../lib/bindings/StaffLayer';
import type { Step } from '../lib/bindings/Step';
import type { View } from '../lib/bindings/View';
import * as part from './parts';

const at = (screen: Screen, step: Step | null = null, more: Partial<View> = {}): View => ({
  ...part.base,
  screen,
  step,
  canGoBack: step !== null && step !== 'done',
  ...more,
});
const camera = (status: CameraStatus): Partial<View> => ({ status: { ...part.base.status, camera: status } });
const lost = (code: string): CameraStatus => ({ kind: 'lost', name: 'Logitech BRIO', code, attempt: 3 });
const welcome: Screen = { kind: 'welcome' };
const staff = (layer: StaffLayer, screen: Screen = welcome): View => at(screen, null, { staff: layer });
const identify = { kind: 'identify', ways: ['code', 'document', 'student_number'], problem: null, complete: false, forOrders: false } as const;
const scanned = { x: 0.25, y: 0.2, width: 0.5, height: 0.6 };
const capture = (...given: Parameters<typeof part.capture>): Screen => ({ kind: 'capture', ...part.capture(...given) });
const result = (more: Parameters<typeof part.result>[0]): Screen => ({ kind: 'result', ...part.result(more) });
const line = (more: Parameters<typeof part.line>[0], view: Partial<View> = {}): View =>
  at({ kind: 'line', ...part.line(more) }, null, { working: 'photographer', ...view });
const summary = { kind: 'summary', photo: part.photo, fields: part.fields, product: part.products[0]!, address: null, payment: 'later' } as const;

export const gallery: Record<string, View> = {
  starting: at({ kind: 'starting' }, null, { session: null }),
  trouble: at({ kind: 'trouble', notice: { code: 'store.damaged', params: {} }, backups: ['2027-05-20 08:00', '2027-05-19 18:00', '2027-05-18 18:00'], canRetry: true }, null, { session: null }),
  choose_pin: at({ kind: 'choose_pin', typed: 3, again: false }, null, { session: null }),
  choose_pin_again: at({ kind: 'choose_pin', typed: 0, again: true }, null, { session: null, notice: { code: 'pin.differs', params: {} } }),
  no_session: at({ kind: 'no_session' }, null, { session: null }),
  welcome: at(welcome),
  welcome_demo: at(welcome, null, { session: { ...part.session, demonstration: true }, staffCalled: true }),
  agreement: at({ kind: 'agreement', photograph: true, network: null, compare: false, complete: false }, 'identity'),
  declined: at({ kind: 'declined' }, 'identity'),
  identify_code: at({ ...identify, ways: [...identify.ways], way: 'code', typed: '', length: 0, viewport: scanned }, 'identity'),
  identify: at({ ...identify, ways: [...identify.ways], way: 'document', typed: '•••••• •••••••• 482', length: 17, viewport: part.whole }, 'identity'),
  identify_wrong: at({ ...identify, ways: [...identify.ways], way: 'document', typed: '•••••• •••••••• 4821', length: 18, problem: { code: 'identify.checksum', params: {} }, viewport: part.whole }, 'identity'),
  identify_student: at({ ...identify, ways: [...identify.ways], way: 'student_number', typed: '2023014077', length: 10, complete: true, viewport: part.whole }, 'identity', { notice: { code: 'identify.unknown', params: {} } }),
  last_four: at({ kind: 'last_four', name: '林*航', typed: '48', triesLeft: 3 }, 'identity'),
  resume: at({ kind: 'resume', started: '11:40', photo: part.photo }, 'identity'),
  details: at({ kind: 'details', fields: part.fields, prefilled: true, complete: true }, 'details'),
  details_empty: at({ kind: 'details', fields: part.emptyFields, prefilled: false, complete: false }, 'details'),
  delivery: at({ kind: 'delivery', products: part.products, chosen: 'paper', address: part.address, complete: false }, 'details'),
  guidelines: at({ kind: 'guidelines', tips: ['look', 'eyes', 'mouth', 'hair', 'glasses', 'clothes', 'hat', 'jewellery', 'shoulders'] }, 'photo'),
  guidelines_rest: at({ kind: 'guidelines', tips: ['hat', 'jewellery', 'shoulders'] }, 'photo'),
  capture: at(capture(), 'photo'),
  capture_prompt: at(capture({ prompt: { code: 'turn_left' } }, { shots: 2, rejection: 'pitch' }), 'photo'),
  capture_glasses: at(capture({ prompt: { code: 'glasses' } }), 'photo'),
  capture_ready: at(capture({ phase: { kind: 'holding' }, ready: true }), 'photo'),
  capture_countdown: at(capture({ phase: { kind: 'countdown', left: 3 }, ready: true }), 'photo'),
  capture_taking: at(capture({ phase: { kind: 'taking' }, ready: true }), 'photo'),
  capture_failed: at(capture({}, { failed: { code: 'capture.no_face', params: {} } }), 'photo'),
  capture_lost: at(capture(), 'photo', camera(lost('camera.unplugged'))),
  capture_opening: at(capture({ autoShutter: false }), 'photo', camera({ kind: 'opening' })),
  capture_none: at(capture(), 'photo', camera({ kind: 'none' })),
  busy: at({ kind: 'busy', what: 'photo' }, 'photo', { canGoBack: false }),
  busy_order: at({ kind: 'busy', what: 'order' }, 'confirm', { canGoBack: false }),
  result: at(result({}), 'confirm'),
  result_warn: at(result({ findings: part.warnings, forReview: 2 }), 'confirm'),
  result_blocked: at(result({ findings: part.blocking, blocked: true }), 'confirm'),
  result_overridden: at(result({ findings: part.blocking.slice(0, 1), blocked: true, overrideReason: 'medical' }), 'confirm'),
  summary: at({ ...summary }, 'confirm'),
  summary_cash: at({ ...summary, payment: 'cash', product: part.products[1]!, address: '浙江省杭州市西湖区余杭塘路 866 号 3 幢 502' }, 'confirm'),
  done: at({ kind: 'done', orderNumber: '000015-20270520115644602', shotNumber: 154, state: 'pending_review', next: ['review', 'electronic', 'rejected'], secondsLeft: 24, photo: part.photo }, 'done'),
  orders: at({ kind: 'orders', orders: [part.order(154, 'rejected', { rejection: 'pitch', canReplace: true }), part.order(98, 'completed'), part.order(12, 'closed')], name: '林*航', canOrder: true }, null, { canGoBack: true }),
  orders_empty: at({ kind: 'orders', orders: [], name: null, canOrder: true }, null, { canGoBack: true }),
  idle: at(capture(), 'photo', { idle: 12 }),
  line: line({ live: part.live({ prompt: { code: 'closer' } }) }),
  line_result: line({ result: part.result({ findings: part.warnings }) }),
  line_blocked: line({ result: part.result({ findings: part.blocking, blocked: true }), alarms: [{ code: 'same_face', other: '王一诺' }] }),
  line_empty: line({ rows: [], total: 0, current: null, accepted: null, search: 'zzz' }),
  line_busy: line({ busy: true }),
  pin: staff({ kind: 'pin', purpose: 'panel', typed: 3, problem: null }),
  pin_wrong: staff({ kind: 'pin', purpose: 'override', typed: 0, problem: { code: 'pin.wrong', params: { left: '2' } } }, result({ findings: part.blocking, blocked: true })),
  pin_locked: staff({ kind: 'pin', purpose: 'cash', typed: 0, problem: { code: 'pin.locked', params: { seconds: '30' } } }),
  override: staff({ kind: 'reason', reasons: ['religious', 'medical', 'misjudged', 'school', 'document', 'other'] }, result({ findings: part.blocking, blocked: true })),
  panel: { ...staff({ kind: 'panel', ...part.panel() }), status: { ...part.base.status, weakKeys: true, unsent: 3 } },
  panel_camera: staff({ kind: 'panel', ...part.panel({ tab: 'camera' }) }),
  panel_today: staff({ kind: 'panel', ...part.panel({ tab: 'today' }) }),
  panel_roster: staff({ kind: 'panel', ...part.panel({ tab: 'roster' }) }),
  panel_orders: staff({ kind: 'panel', ...part.panel({ tab: 'orders' }) }),
  panel_pending: staff({ kind: 'panel', ...part.panel({ tab: 'orders', pending: { orders: ['order-1', 'order-2'], reason: null, seconds: 6 } }) }),
  panel_printing: staff({ kind: 'panel', ...part.panel({ tab: 'printing' }) }),
  panel_printing_photographer: staff({ kind: 'panel', ...part.panel({ tab: 'printing', role: 'photographer' }) }),
  panel_packing: staff({ kind: 'panel', ...part.panel({ tab: 'packing' }) }),
  panel_packing_photographer: staff({ kind: 'panel', ...part.panel({ tab: 'packing', role: 'photographer' }) }),
  panel_health: staff({ kind: 'panel', ...part.panel({ tab: 'health' }) }),
  panel_handover: staff({ kind: 'panel', ...part.panel({ tab: 'handover' }) }),
  panel_sessions: staff({ kind: 'panel', ...part.panel({ tab: 'sessions' }) }),
  panel_photographer: staff({ kind: 'panel', ...part.panel({ tab: 'orders', role: 'photographer' }) }),
};
