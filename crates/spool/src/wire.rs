//! One question to a printer and its answer, over HTTP, within bounds of time and size.
//!
//! No redirects, no proxy from the environment, no connection that is used again and nothing that is sent twice: a
//! print may only ever go out once. Where it fails, [`Broken`] says whether the printer may have acted on it.

mod screen;

use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use ipp::attribute::{IppAttribute, IppAttributes};
use ipp::model::{DelimiterTag, IppVersion, Operation};
use ipp::parser::IppParser;
use ipp::reader::IppReader;
use ipp::request::IppRequestResponse;
use ipp::value::IppValue;
use ureq::{Agent, SendBody};

use crate::address::PrinterUri;
use crate::error::PrinterError;

/// The largest answer that is read, bytes. A full description of a printer has some 50 kB.
const MAX_ANSWER_BYTES: u64 = 1 << 20;
/// The largest head of an HTTP answer, bytes.
const MAX_HEAD_BYTES: usize = 16 << 10;
/// Who asks. A printer tells the name of a job only to whom it is from.
const USER: &str = "caixiang";

/// How long a printer is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// For its name to be found and the connection to be made.
    pub connect: Duration,
    /// For a question and its answer, all in all.
    pub ask: Duration,
    /// For a document to be sent and taken, all in all.
    pub print: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            ask: Duration::from_secs(10),
            print: Duration::from_secs(120),
        }
    }
}

/// No answer that could be understood.
#[derive(Debug)]
pub(crate) struct Broken {
    /// Why.
    pub(crate) error: PrinterError,
    /// Whether the printer may have got the question, or some of it, and acted on it.
    pub(crate) may_have_acted: bool,
    /// Whether all of it was handed to the network. What was not surely did not arrive; what was may not have.
    pub(crate) whole: bool,
}

impl From<Broken> for PrinterError {
    fn from(broken: Broken) -> Self {
        broken.error
    }
}

/// An answer that is one to the question asked.
pub(crate) struct Answer {
    /// RFC 8011, appendix B: below 0x0100 it did as asked.
    pub(crate) ipp_status: u16,
    pub(crate) attributes: IppAttributes,
}

/// A question being written.
pub(crate) struct Question {
    request: IppRequestResponse,
}

impl Question {
    pub(crate) fn new(operation: Operation, uri: &PrinterUri) -> Result<Self, PrinterError> {
        static NUMBER: AtomicI32 = AtomicI32::new(1);
        let target = uri.to_string().parse().map_err(|_| PrinterError::BadAddress)?;
        // 1.1 is what every printer understands, the newest too.
        let mut request = IppRequestResponse::new(IppVersion::v1_1(), operation, Some(target))
            .map_err(|_| PrinterError::BadAddress)?;
        request.header_mut().request_id = NUMBER.fetch_add(1, Ordering::Relaxed).max(1);
        Ok(Self { request })
    }

    /// Adds an attribute of the operation.
    pub(crate) fn with(self, name: &'static str, value: IppValue) -> Result<Self, PrinterError> {
        self.add(DelimiterTag::OperationAttributes, name, value)
    }

    /// Adds an attribute of the job.
    pub(crate) fn with_job(self, name: &'static str, value: IppValue) -> Result<Self, PrinterError> {
        self.add(DelimiterTag::JobAttributes, name, value)
    }

    /// Says who asks.
    pub(crate) fn signed(self) -> Result<Self, PrinterError> {
        let value = IppValue::new_name_without_language(USER);
        self.with("requesting-user-name", value.map_err(|_| PrinterError::BadOption("user"))?)
    }

    /// Asks for these attributes only.
    pub(crate) fn wanting(self, names: &[&'static str]) -> Result<Self, PrinterError> {
        let names: Result<Vec<_>, _> = names.iter().map(|name| IppValue::new_keyword(*name)).collect();
        let names = names.map_err(|_| PrinterError::BadOption("requested-attributes"))?;
        self.with("requested-attributes", IppValue::Array(names))
    }

    fn add(mut self, group: DelimiterTag, name: &'static str, value: IppValue) -> Result<Self, PrinterError> {
        let attribute =
            IppAttribute::with_name(name, value).map_err(|_| PrinterError::BadOption("attribute"))?;
        self.request.attributes_mut().add(group, attribute);
        Ok(self)
    }

    /// Sends it with a document behind and reads the answer. At most one request leaves this computer.
    pub(crate) fn ask(
        self,
        uri: &PrinterUri,
        document: &[u8],
        connect: Duration,
        limit: Duration,
    ) -> Result<Answer, Broken> {
        let number = self.request.header().request_id;
        let head = self.request.to_bytes();
        let length = head.len() + document.len();
        let mut body = Watched { inner: Cursor::new(&head[..]).chain(document), begun: false, handed: 0 };
        let sent = agent(connect, limit)
            .post(uri.http())
            .header("content-type", "application/ipp")
            // Not in chunks: small printers are happier, and a broken connection is a short document.
            .header("content-length", length.to_string())
            .send(SendBody::from_reader(&mut body));
        let (begun, whole) = (body.begun, body.handed == length);
        let broken = |error| Broken { error, may_have_acted: begun, whole };
        let refused = |error| Broken { error, may_have_acted: false, whole };
        let mut response = sent.map_err(|error| broken(why(&error, begun)))?;
        match response.status().as_u16() {
            200 => {}
            // Refused before anybody looked at what was sent.
            401 | 403 => return Err(refused(PrinterError::Forbidden)),
            426 => return Err(refused(PrinterError::TlsRequired)),
            status => {
                let error = PrinterError::NotIpp { http_status: status };
                return Err(if (300..500).contains(&status) { refused(error) } else { broken(error) });
            }
        }
        let answer = response
            .body_mut()
            .with_config()
            .limit(MAX_ANSWER_BYTES)
            .read_to_vec()
            .map_err(|error| broken(why(&error, begun)))?;
        read(answer, number).ok_or_else(|| broken(PrinterError::BadAnswer))
    }
}

fn agent(connect: Duration, limit: Duration) -> Agent {
    Agent::config_builder()
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .max_idle_connections(0)
        .max_response_header_size(MAX_HEAD_BYTES)
        .timeout_resolve(Some(connect))
        .timeout_connect(Some(connect))
        .timeout_global(Some(limit))
        .user_agent("caixiang")
        .build()
        .new_agent()
}

fn why(error: &ureq::Error, begun: bool) -> PrinterError {
    match error {
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => PrinterError::BadAddress,
        _ if !begun => PrinterError::Unreachable,
        ureq::Error::Timeout(_) => PrinterError::NoAnswer,
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => PrinterError::NoAnswer,
        ureq::Error::Io(_) => PrinterError::ConnectionLost,
        _ => PrinterError::BadAnswer,
    }
}

fn read(answer: Vec<u8>, number: i32) -> Option<Answer> {
    if !screen::is_sound(&answer) {
        return None;
    }
    let (header, attributes, _) = IppParser::new(IppReader::new(Cursor::new(answer))).parse_parts().ok()?;
    let ours = header.request_id == number;
    ours.then(|| Answer { ipp_status: header.operation_or_status.cast_unsigned(), attributes })
}

/// Notes when the first byte of a request is taken to be sent, and how many are.
struct Watched<R> {
    inner: R,
    begun: bool,
    handed: usize,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.begun = true;
        let count = self.inner.read(into)?;
        self.handed += count;
        Ok(count)
    }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
