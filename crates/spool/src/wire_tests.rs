//! Answers of every kind of printer, the hostile ones too.

use std::io::Write;
use std::net::TcpListener;
use std::thread;

use proptest::prelude::*;

use super::*;

/// Asks somebody who listens, hears the question out and then does this.
fn asked(answer: impl FnOnce(std::net::TcpStream, Vec<u8>) + Send + 'static) -> Result<Answer, Broken> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let listening = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a caller");
        let mut heard = Vec::new();
        let mut part = [0; 4096];
        while !heard.ends_with(b"%%EOF") {
            let count = stream.read(&mut part).expect("the question");
            assert!(count > 0, "the caller hung up");
            heard.extend_from_slice(&part[..count]);
        }
        answer(stream, heard);
    });
    let uri = PrinterUri::new("127.0.0.1", port, "/ipp/print").expect("an address");
    let question = Question::new(Operation::PrintJob, &uri).and_then(Question::signed).expect("a question");
    let limit = Duration::from_millis(600);
    let answer = question.ask(&uri, b"%PDF-1.4 %%EOF", limit, limit);
    listening.join().expect("the listener is content");
    answer
}

fn check(http: &'static [u8], expected: &PrinterError, may_have_acted: bool) {
    let Err(broken) = asked(move |mut stream, _| stream.write_all(http).expect("said")) else {
        panic!("{:?} is no answer", http.escape_ascii().to_string());
    };
    assert_eq!(
        (&broken.error, broken.may_have_acted),
        (expected, may_have_acted),
        "{:?}",
        http.escape_ascii().to_string()
    );
}

#[test]
fn a_question_is_one_plain_request() {
    let answer = asked(|mut stream, heard| {
        let text = String::from_utf8_lossy(&heard).to_ascii_lowercase();
        assert!(text.starts_with("post /ipp/print http/1.1\r\n"), "{text}");
        let body = heard.windows(4).position(|it| it == b"\r\n\r\n").expect("a head") + 4;
        assert!(text.contains(&format!("content-length: {}\r\n", heard.len() - body)), "{text}");
        assert!(!text.contains("chunked") && !text.contains("expect:"), "{text}");
        // The same number, "successful-ok", nothing else.
        let mut ipp = vec![1, 1, 0, 0];
        ipp.extend_from_slice(&heard[body + 4..body + 8]);
        ipp.push(3);
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", ipp.len()).expect("said");
        stream.write_all(&ipp).expect("said");
    });
    assert_eq!(answer.map(|answer| answer.ipp_status).ok(), Some(0));
}

#[test]
fn what_is_no_answer() {
    check(b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n", &PrinterError::Forbidden, false);
    check(b"HTTP/1.1 426 No\r\ncontent-length: 0\r\n\r\n", &PrinterError::TlsRequired, false);
    let moved = PrinterError::NotIpp { http_status: 307 };
    check(b"HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n", &moved, false);
    check(b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n", &PrinterError::NotIpp { http_status: 404 }, false);
    check(b"HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n", &PrinterError::NotIpp { http_status: 500 }, true);
    check(b"HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n<html></html>\n", &PrinterError::BadAnswer, true);
    // Sound, but the answer to another question.
    check(
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n\x01\x01\x00\x00\x7f\xff\xff\xff\x03",
        &PrinterError::BadAnswer,
        true,
    );
    // Cut off within.
    check(
        b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n\x01\x01\x00\x00",
        &PrinterError::ConnectionLost,
        true,
    );
    check(b"", &PrinterError::ConnectionLost, true);
}

#[test]
fn a_printer_that_hangs_or_trickles_is_left_in_time() {
    let Err(silent) = asked(|stream, _| {
        thread::sleep(Duration::from_secs(1));
        drop(stream);
    }) else {
        panic!("silence is no answer")
    };
    assert_eq!((silent.error, silent.may_have_acted), (PrinterError::NoAnswer, true));
    let Err(trickling) = asked(|mut stream, _| {
        // Ends when the caller has hung up: without a bound this would be ten minutes.
        let mut said = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9000\r\n\r\n");
        while said.is_ok() {
            thread::sleep(Duration::from_millis(66));
            said = stream.write_all(b"\x01");
        }
    }) else {
        panic!("a trickle is no answer")
    };
    assert_eq!((trickling.error, trickling.may_have_acted), (PrinterError::NoAnswer, true));
}

#[test]
fn an_endless_answer_is_not_read_to_its_end() {
    let Err(broken) = asked(|mut stream, _| {
        let mut said = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while said.is_ok() {
            said = stream.write_all(&[0x21; 65536]);
        }
    }) else {
        panic!("no end is no answer")
    };
    assert!(broken.may_have_acted);
}

#[test]
fn nobody_there_is_surely_nothing_printed() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let limit = Duration::from_secs(2);
    for host in ["127.0.0.1", "no-such-printer.invalid"] {
        let uri = PrinterUri::new(host, port, "/ipp/print").expect("an address");
        let question = Question::new(Operation::PrintJob, &uri).expect("a question");
        let Err(broken) = question.ask(&uri, b"%PDF-1.4", limit, limit) else { panic!("nobody answers") };
        assert_eq!((broken.error, broken.may_have_acted), (PrinterError::Unreachable, false), "{host}");
    }
}

#[test]
fn values_within_values_without_end_are_refused() {
    let mut message = vec![1, 1, 0, 0, 0, 0, 0, 7, 4];
    for _ in 0..100_000 {
        message.extend_from_slice(&[0x34, 0, 1, b'c', 0, 0]);
    }
    message.push(3);
    assert!(read(message, 7).is_none());
    // A name with a language whose inner length lies stops the library; it does not get to see it.
    let lying = vec![1, 1, 0, 0, 0, 0, 0, 7, 4, 0x36, 0, 1, b'n', 0, 4, 0, 0xff, b'e', b'n', 3];
    assert!(read(lying, 7).is_none());
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    let tag = prop_oneof![Just(0x34_u8), Just(0x37), Just(0x35), Just(0x36), Just(0x4a), 0_u8..0x50];
    (tag, prop::collection::vec(any::<u8>(), 0..6), prop::collection::vec(any::<u8>(), 0..12)).prop_map(
        |(tag, name, value)| {
            let mut bytes = vec![tag, 0, u8::try_from(name.len()).unwrap_or(0)];
            bytes.extend(&name);
            bytes.extend([0, u8::try_from(value.len()).unwrap_or(0)]);
            bytes.extend(&value);
            bytes
        },
    )
}

proptest! {
    #[test]
    fn no_bytes_stop_it(message in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(message, 1);
    }

    #[test]
    fn no_message_stops_it(values in prop::collection::vec(value(), 0..40)) {
        let mut message = vec![1, 1, 0, 0, 0, 0, 0, 1, 4];
        message.extend(values.concat());
        message.push(3);
        let _ = read(message, 1);
    }
}
