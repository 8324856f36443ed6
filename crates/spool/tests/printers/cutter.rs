//! A cable that is cut at any moment: stands between the kiosk and the printer and lets everything pass but the print
//! itself, of whose request or answer only so many bytes arrive.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What happens to the next print that passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Nothing.
    None,
    /// The cable breaks after so many thousandths of the request.
    Request(u32),
    /// The cable breaks when so many bytes of the request have left the kiosk.
    Sending(usize),
    /// The printer gets all of it; so many bytes of its answer arrive.
    Reply(u32),
    /// The printer gets all of it, and no answer ever comes.
    Silence,
}

pub(crate) struct Cutter {
    pub(crate) port: u16,
    cut: Arc<Mutex<Cut>>,
    stop: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl Cutter {
    pub(crate) fn before(printer: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cut, stop) = (Arc::new(Mutex::new(Cut::None)), Arc::new(AtomicBool::new(false)));
        let (its_cut, its_stop) = (Arc::clone(&cut), Arc::clone(&stop));
        let listening = std::thread::spawn(move || {
            for caller in listener.incoming() {
                if its_stop.load(Ordering::Relaxed) {
                    return;
                }
                let (cut, stop) = (Arc::clone(&its_cut), Arc::clone(&its_stop));
                std::thread::spawn(move || pass(caller.unwrap(), printer, &cut, &stop));
            }
        });
        Self { port, cut, stop, listening: Some(listening) }
    }

    /// What happens to the next print, and to none after it.
    pub(crate) fn next(&self, cut: Cut) {
        *self.cut.lock().unwrap() = cut;
    }

    /// Whether the cut has been made.
    pub(crate) fn made(&self) -> bool {
        *self.cut.lock().unwrap() == Cut::None
    }
}

impl Drop for Cutter {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        TcpStream::connect(("127.0.0.1", self.port)).ok();
        if let Some(listening) = self.listening.take() {
            listening.join().ok();
        }
    }
}

/// One connection: one request, or several one after the other.
fn pass(mut caller: TcpStream, printer: u16, cut: &Mutex<Cut>, stop: &AtomicBool) {
    let Ok(mut printer) = TcpStream::connect(("127.0.0.1", printer)) else { return };
    loop {
        let now = *cut.lock().unwrap();
        if let Cut::Sending(bytes) = now {
            // The small question before the print is let through.
            if let Some(start) = large(&mut caller, bytes) {
                *cut.lock().unwrap() = Cut::None;
                printer.write_all(&start).ok();
                break;
            }
        }
        let Some(request) = message(&mut caller) else { break };
        let body = body_of(&request).unwrap();
        let cut = if prints(&request, body) {
            std::mem::replace(&mut *cut.lock().unwrap(), Cut::None)
        } else {
            Cut::None
        };
        let sent = match cut {
            Cut::Request(thousandths) => {
                // The head and at least a byte of what follows it.
                let most = (request.len() - body) * usize::try_from(thousandths).unwrap() / 1000;
                printer.write_all(&request[..(body + most.max(1)).min(request.len() - 1)]).ok();
                break;
            }
            _ => printer.write_all(&request),
        };
        let Some(reply) = sent.ok().and_then(|()| message(&mut printer)) else { break };
        match cut {
            Cut::Reply(bytes) => {
                let bytes = usize::try_from(bytes).unwrap() % reply.len();
                caller.write_all(&reply[..bytes]).ok();
                break;
            }
            Cut::Silence => {
                while !stop.load(Ordering::Relaxed) && !hung_up(&caller) {
                    std::thread::sleep(Duration::from_millis(5));
                }
                break;
            }
            _ if caller.write_all(&reply).is_err() => break,
            _ => {}
        }
    }
    caller.shutdown(Shutdown::Both).ok();
    printer.shutdown(Shutdown::Both).ok();
}

/// The first so many bytes, if so many come; otherwise they are left to be read.
fn large(stream: &mut TcpStream, bytes: usize) -> Option<Vec<u8>> {
    let mut start = vec![0; bytes];
    for _ in 0..50 {
        if stream.peek(&mut start).ok()? == 0 {
            return None;
        }
        // The whole of the small question is there, or what is there is the beginning of the print.
        let seen = stream.peek(&mut start).ok()?;
        if seen > 8192 {
            stream.read_exact(&mut start).ok()?;
            return Some(start);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    None
}

fn hung_up(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let hung_up = matches!(stream.peek(&mut [0]), Ok(0));
    stream.set_nonblocking(false).unwrap();
    hung_up
}

/// A whole HTTP message with its body; `None` when the other side has hung up.
fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut heard = Vec::new();
    let mut part = [0; 16384];
    loop {
        if let Some(body) = body_of(&heard) {
            let head = String::from_utf8_lossy(&heard[..body]).to_ascii_lowercase();
            // "Go on" stands alone before the answer.
            if head.starts_with("http/1.1 100") {
                heard.drain(..body);
                continue;
            }
            let whole = match head.split("content-length:").nth(1) {
                Some(rest) => heard.len() >= body + rest.lines().next()?.trim().parse::<usize>().ok()?,
                None if head.contains("chunked") => heard.ends_with(b"0\r\n\r\n"),
                None => true,
            };
            if whole {
                return Some(heard);
            }
        }
        let count = stream.read(&mut part).ok().filter(|count| *count > 0)?;
        heard.extend_from_slice(&part[..count]);
    }
}

/// Where the body of a message begins.
fn body_of(message: &[u8]) -> Option<usize> {
    Some(message.windows(4).position(|it| it == b"\r\n\r\n")? + 4)
}

/// Whether a request makes a sheet: Print-Job, or Send-Document as CUPS does, and then in chunks.
fn prints(request: &[u8], body: usize) -> bool {
    let head = String::from_utf8_lossy(&request[..body]).to_ascii_lowercase();
    let mut ipp = &request[body..];
    if head.contains("chunked") {
        ipp = ipp.splitn(2, |byte| *byte == b'\n').nth(1).unwrap_or_default();
    }
    matches!(ipp.get(2..4), Some([0, 2 | 6]))
}
