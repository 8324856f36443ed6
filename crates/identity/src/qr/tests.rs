//! Codes as a phone's screen shows them to a camera, drawn: how many are read, and that what is read is right.

use std::time::{Duration, Instant};

use super::*;

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;

/// How a code is shown.
#[derive(Clone, Copy)]
struct Shot {
    /// Pixels a module.
    module_px: f32,
    turn_deg: f32,
    /// How much nearer one edge is than the other.
    tilt: f32,
    blur_px: usize,
    dark: f32,
    bright: f32,
    noise: f32,
    inverted: bool,
}

const PLAIN: Shot = Shot {
    module_px: 6.0,
    turn_deg: 0.0,
    tilt: 0.0,
    blur_px: 0,
    dark: 20.0,
    bright: 235.0,
    noise: 0.0,
    inverted: false,
};

/// A steady stand-in for chance.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// -1 to 1, more often near 0.
    fn noise(&mut self) -> f32 {
        let one = |bits: u64| (bits & 0xffff) as f32 / 65536.0;
        let bits = self.next();
        one(bits) + one(bits >> 16) - 1.0
    }
}

/// Bytes like those of an encrypted code: every value occurs.
fn secret(seed: u64, count: usize) -> Vec<u8> {
    let mut dice = Dice(seed * 7919 + 1);
    (0..count).map(|_| (dice.next() >> 24) as u8).collect()
}

fn draw(bytes: &[u8], shot: Shot, seed: u64) -> Vec<u8> {
    let code = qrcode::QrCode::with_error_correction_level(bytes, qrcode::EcLevel::M).expect("it fits");
    let side = code.width();
    let modules = code.to_colors();
    let (sine, cosine) = shot.turn_deg.to_radians().sin_cos();
    let mut dice = Dice(seed + 99);
    let module = |x: f32, y: f32| {
        let (x, y) = (x.floor() as isize, y.floor() as isize);
        let inside = (0..side as isize).contains(&x) && (0..side as isize).contains(&y);
        let dark = inside && modules[y as usize * side + x as usize] == qrcode::Color::Dark;
        let screen = (-4..side as isize + 4).contains(&x) && (-4..side as isize + 4).contains(&y);
        match (screen, dark != shot.inverted) {
            (false, _) => 70.0,
            (true, true) => shot.dark,
            (true, false) => shot.bright,
        }
    };
    let mut luma = Vec::with_capacity(WIDTH * HEIGHT);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let mut sum = 0.0;
            for (sx, sy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                let (dx, dy) = (x as f32 + sx - 640.0, y as f32 + sy - 360.0);
                let depth = 1.0 + shot.tilt * dx / 640.0;
                let (dx, dy) = (dx * depth, dy * depth);
                let (u, v) = (dx * cosine + dy * sine, dy * cosine - dx * sine);
                let middle = side as f32 / 2.0;
                sum += module(u / shot.module_px + middle, v / shot.module_px + middle);
            }
            luma.push((sum / 4.0).clamp(0.0, 255.0) as u8);
        }
    }
    let mut grey = Grey { width: WIDTH, height: HEIGHT, luma };
    if shot.blur_px > 0 {
        // Twice a square is nearly the round blur of a lens.
        grey = grey.softened(shot.blur_px).softened(shot.blur_px);
    }
    grey.luma
        .iter()
        .map(|&value| (f32::from(value) + dice.noise() * shot.noise).clamp(0.0, 255.0) as u8)
        .collect()
}

/// Every kind of poor showing, from good to what an eye hardly sees.
fn table() -> Vec<(&'static str, Shot)> {
    let mut table = Vec::new();
    for module_px in [2.0, 2.6, 3.5, 5.0, 9.0] {
        table.push(("size", Shot { module_px, noise: 6.0, ..PLAIN }));
    }
    for turn_deg in [7.0, 30.0, 45.0, 90.0, 171.0, 260.0] {
        table.push(("turn", Shot { turn_deg, noise: 6.0, ..PLAIN }));
    }
    for tilt in [0.1, 0.25, 0.4] {
        table.push(("tilt", Shot { tilt, turn_deg: 12.0, noise: 6.0, ..PLAIN }));
    }
    for blur_px in [1, 2, 3, 4] {
        table.push(("blur", Shot { blur_px, noise: 4.0, ..PLAIN }));
        table.push(("blur, small", Shot { blur_px, module_px: 4.0, turn_deg: 5.0, noise: 4.0, ..PLAIN }));
    }
    for bright in [120.0, 60.0, 40.0, 30.0, 26.0] {
        table.push(("dim", Shot { bright, noise: 3.0, ..PLAIN }));
        table.push(("dim, blurred", Shot { bright, blur_px: 2, noise: 3.0, ..PLAIN }));
        table.push(("dim, turned", Shot { bright, turn_deg: 33.0, noise: 3.0, ..PLAIN }));
    }
    for dark in [180.0, 210.0, 222.0] {
        table.push(("washed out", Shot { dark, noise: 4.0, ..PLAIN }));
    }
    for noise in [20.0, 40.0, 80.0, 120.0] {
        table.push(("noise", Shot { noise, ..PLAIN }));
    }
    for turn_deg in [0.0, 20.0] {
        table.push(("inverted", Shot { inverted: true, turn_deg, noise: 6.0, ..PLAIN }));
    }
    table
}

const ENOUGH: Duration = Duration::from_secs(10);

#[test]
fn poor_codes_are_read_and_never_wrongly() {
    let (mut asked, mut read, mut at_once) = (0, 0, 0);
    let (mut first_look, mut slowest) = (Duration::ZERO, Duration::ZERO);
    let mut report = Vec::new();
    for (name, shot) in table() {
        let mut here = 0;
        for seed in 0..2 {
            let bytes = secret(seed, 60 + 40 * seed as usize);
            let luma = draw(&bytes, shot, seed);
            let picture = Grey::new(WIDTH as u32, HEIGHT as u32, &luma).expect("its size");
            let begun = Instant::now();
            at_once += u32::from(look(&picture, Treatment::AsIs).is_some());
            first_look += begun.elapsed();
            let begun = Instant::now();
            let found = QrReader::new().read(WIDTH as u32, HEIGHT as u32, &luma, ENOUGH);
            slowest = slowest.max(begun.elapsed());
            assert!(found.as_ref().is_none_or(|found| *found == bytes), "{name}: read wrongly");
            asked += 1;
            here += u32::from(found.is_some());
        }
        read += here;
        report.push((name, here));
    }
    println!(
        "{report:?}\nread {read} of {asked}, as they are {at_once}; first look {:?}, slowest {slowest:?}",
        first_look / asked
    );
    assert!(read * 100 >= asked * FLOOR_PERCENT, "{read} of {asked}: {report:?}");
    assert!(read > at_once, "the treatments add nothing");
}

/// A little under what was measured.
const FLOOR_PERCENT: u32 = 75;

#[test]
fn every_way_of_writing_gives_the_same_bytes() {
    for text in
        ["1234567890123", "HTTPS://CHSI/A1 B2:", "采集码 https://x/?a=1", "a1234567890123456789ABCDEFGHIJK"]
    {
        let luma = draw(text.as_bytes(), PLAIN, 1);
        let found = QrReader::new().read(WIDTH as u32, HEIGHT as u32, &luma, ENOUGH);
        assert_eq!(found.as_deref(), Some(text.as_bytes()), "{text}");
    }
}

#[test]
fn nothing_is_found_where_nothing_is() {
    let mut dice = Dice(5);
    let noise: Vec<u8> = (0..WIDTH * HEIGHT).map(|_| dice.next() as u8).collect();
    for luma in [vec![128; WIDTH * HEIGHT], vec![0; WIDTH * HEIGHT], noise] {
        assert_eq!(QrReader::new().read(WIDTH as u32, HEIGHT as u32, &luma, ENOUGH), None);
    }
    assert_eq!(QrReader::new().read(3, 3, &[0; 9], ENOUGH), None);
    assert_eq!(QrReader::new().read(4, 3, &[0; 9], ENOUGH), None);
}

#[test]
fn the_budget_is_kept_and_the_turn_goes_on() {
    let bytes = secret(1, 60);
    let luma = draw(&bytes, Shot { inverted: true, ..PLAIN }, 1);
    let mut reader = QrReader::new();
    // Without a budget only the first look happens, and it does not see light on dark.
    assert_eq!(reader.read(WIDTH as u32, HEIGHT as u32, &luma, Duration::ZERO), None);
    assert_eq!(reader.turn, 0);
    let mut frames = 0;
    while reader.read(WIDTH as u32, HEIGHT as u32, &luma, Duration::from_nanos(u64::from(u32::MAX))).is_none()
    {
        frames += 1;
        assert!(frames <= FURTHER.len(), "every treatment has had its turn");
    }
}
