//! The converted networks still say what they said when they were converted.

use caixiang_portrait::{Frame, source};
use caixiang_tests::{engine, photo};
use caixiang_vision::{Blendshape, Point};

/// Pupils, nose and chin of a public-domain portrait, as they were found when the networks were converted, to within
/// 1.5 px; and the blendshapes and masks in coarse numbers.
#[test]
fn numbers_are_pinned() {
    let bytes = source::read(&photo("astronaut.png")).unwrap();
    let found = Frame::decode(bytes).unwrap().find(engine()).unwrap();
    let face = found.landmarks();
    let near = |point: Point, [x, y]: [f64; 2]| {
        let [px, py] = face.get(point);
        assert!((px - x).hypot(py - y) < 1.5, "{point:?}: {px:.1} {py:.1}");
    };
    near(Point::RightPupil, PUPILS[0]);
    near(Point::LeftPupil, PUPILS[1]);
    near(Point::NoseTip, PUPILS[2]);
    near(Point::Chin, PUPILS[3]);
    let shapes = face.blendshapes();
    assert!(shapes.get(Blendshape::MouthSmileLeft) > 0.7, "she smiles");
    assert!(shapes.get(Blendshape::EyeBlinkLeft) < 0.2, "her eyes are open");
    let pose = found.pose();
    assert!(pose.yaw_deg.abs() < 5.0 && pose.roll_deg.abs() < 6.0, "{pose:?}");
    assert_eq!((found.people(), found.faces().len()), (1, 1));

    let picture = found.frame().picture();
    for (name, mask) in [
        ("person", engine().person_mask(picture).unwrap()),
        ("salient", engine().salient_mask(picture).unwrap()),
    ] {
        let at =
            |x: f64, y: f64| mask.sample(x / 512.0 * mask.width() as f64, y / 512.0 * mask.height() as f64);
        assert!(at(222.0, 110.0) > 0.9, "{name}: the face is the person's");
        assert!(at(20.0, 60.0) < 0.1, "{name}: the flag is not");
    }
}

/// Right pupil, left pupil, nose tip, chin.
const PUPILS: [[f64; 2]; 4] = [[203.5, 101.0], [247.0, 103.0], [223.0, 131.0], [221.0, 179.0]];

#[test]
fn counts_every_face_of_a_group() {
    let count = |name: &str| {
        let frame = Frame::decode(source::read(&photo(name)).unwrap()).unwrap();
        engine().faces(frame.picture()).unwrap().len()
    };
    assert_eq!(count("rustface_test.png"), 29);
    assert_eq!(count("pyfeat_multi_face.jpg"), 5);
    assert_eq!((count("coffee.png"), count("chelsea.png")), (0, 0));
}

/// The poses that the portraits' own names give: 0, 15 and 45 degrees.
#[test]
fn yaw_follows_the_head() {
    for (name, wanted) in [
        ("pyfeat_0-f1-su-ph.jpg", 0.0),
        ("pyfeat_15-f13-anc-ph.jpg", -15.0),
        ("pyfeat_45-m7-di-ph.jpg", -45.0),
    ] {
        let found = Frame::decode(source::read(&photo(name)).unwrap()).unwrap().find(engine()).unwrap();
        assert!((found.pose().yaw_deg - wanted).abs() < 6.0, "{name}: {:?}", found.pose());
    }
}
