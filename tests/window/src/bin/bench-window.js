// What the bench asks of the page: each step's time by the page's own clock, from the hand to what shows.
window.bench = {
  drawn: 0,
  late: [],
  act: (action) => window.__TAURI_INTERNALS__.invoke('act', { action }),
  all: (testid) => [...document.querySelectorAll(`[data-testid="${testid}"]`)],
  on: (screen) => document.querySelector('main')?.dataset.screen === screen,
  /** Waits, picture by picture of the screen, until something is so. */
  until: (is, patience = 60_000) =>
    new Promise((resolve, reject) => {
      const deadline = performance.now() + patience;
      const look = () => {
        if (is()) resolve(performance.now());
        else if (performance.now() > deadline) reject(new Error(`not within ${patience} ms: ${is}`));
        else requestAnimationFrame(look);
      };
      look();
    }),
  async timed(hand, is) {
    const begun = performance.now();
    await hand();
    return (await this.until(is)) - begun;
  },
  /** Scrolls a list by a screen's third with every picture of the screen; the milliseconds between them. */
  scroll(testid, pictures) {
    const list = this.all(testid)[0];
    const times = [];
    return new Promise((resolve) => {
      let last = performance.now();
      const step = (now) => {
        times.push(now - last);
        last = now;
        if (times.length > pictures) return resolve(times.slice(1));
        const end = list.scrollHeight - list.clientHeight;
        list.scrollTop = list.scrollTop + list.clientHeight / 3 > end ? 0 : list.scrollTop + list.clientHeight / 3;
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    });
  },
  key: (key) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })),
  phase: () => document.querySelector('[data-testid="prompt"]')?.dataset.phase,
  bothPictures() {
    return ['photo-original', 'photo-finished'].every((one) => this.all(one).some((photo) => photo.dataset.state === 'shown'));
  },
  verdict() {
    return this.on('result') && this.all('result').length > 0 && this.bothPictures();
  },
  /** Counts the camera's pictures that are drawn. */
  countPictures() {
    // One picture is on its way at a time, and drawn before the next one has come.
    let came = null;
    const fetch = window.fetch;
    window.fetch = async (...request) => {
      const answer = await fetch(...request);
      const age = Number(answer.headers.get('X-Age') ?? NaN);
      if (!Number.isNaN(age)) came = performance.now() - age;
      return answer;
    };
    const draw = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (picture, ...rest) {
      // The small blurred one behind has no full width.
      if (!(picture instanceof ImageBitmap && rest[2] > 500)) return draw.call(this, picture, ...rest);
      draw.call(this, picture, ...rest);
      window.bench.drawn += 1;
      if (came !== null) window.bench.late.push(performance.now() - came);
      came = null;
    };
  },
  /** From the welcome to the guidelines; each step and how long the machine took for it. */
  async toGuidelines(number) {
    const steps = [];
    const step = async (name, hand, is) => steps.push([name, await this.timed(hand, is)]);
    await this.until(() => this.on('welcome'));
    await step('start', () => this.act({ kind: 'next' }), () => this.on('agreement'));
    for (const [consent, given] of [['photograph', true], ['network', true], ['compare', false]]) await this.act({ kind: 'answer', consent, given });
    await step('consents', () => this.act({ kind: 'next' }), () => this.on('identify'));
    for (const key of number) await this.act({ kind: 'key', key });
    await step('who it is', () => this.act({ kind: 'next' }), () => this.on('details'));
    await this.act({ kind: 'fill', field: 'phone', value: '13800138000' });
    await step('details', () => this.act({ kind: 'next' }), () => this.on('guidelines'));
    return steps;
  },
  async toCamera(number) {
    const steps = await this.toGuidelines(number);
    const live = () => this.on('capture') && this.all('live').some((one) => one.dataset.flowing === 'true');
    steps.push(['guidelines → live picture', await this.timed(() => this.act({ kind: 'next' }), live)]);
    return steps;
  },
  /** From the countdown's end to the verdict. */
  async shoot() {
    await this.until(() => this.phase() === 'aiming' && document.querySelector('[data-testid="prompt"]').dataset.ready === 'true');
    await this.act({ kind: 'shoot' });
    const taken = await this.until(() => this.phase() === 'taking' || this.on('result'));
    return (await this.until(() => this.verdict())) - taken;
  },
  async again() {
    await this.act({ kind: 'retake' });
    await this.until(() => this.on('capture'));
  },
  async leave() {
    await this.act({ kind: 'leave' });
    await this.until(() => this.on('welcome'));
  },
  async walk(number) {
    const steps = await this.toCamera(number);
    steps.push(['shutter → verdict', await this.shoot()]);
    steps.push(['result → summary', await this.timed(() => this.act({ kind: 'next' }), () => this.on('summary'))]);
    steps.push(['order on the disk', await this.timed(() => this.act({ kind: 'next' }), () => this.on('done'))]);
    steps.push(['next student', await this.timed(() => this.act({ kind: 'next' }), () => this.on('welcome'))]);
    return steps;
  },
  /** One of the line: the shot's verdict, and all until the next one's name. */
  async next(poses) {
    const name = () => this.all('current-name')[0]?.dataset.subject;
    await this.until(() => name() && this.all('shoot').some((one) => !one.disabled));
    // Somebody sits down and looks up; the photographer presses. None of it is counted.
    if (poses) await new Promise((resolve) => setTimeout(resolve, 2000));
    await this.until(() => document.querySelector('[data-testid="prompt"]').dataset.ready === 'true');
    const before = name();
    const shown = () => this.all('result').length > 0 && this.bothPictures();
    const verdict = await this.timed(() => this.key(' '), shown);
    const order = await this.timed(() => this.key('a'), () => name() !== before && this.all('shoot').length > 0);
    return [verdict, verdict + order];
  },
};
