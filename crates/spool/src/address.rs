//! Where a printer is: an `ipp://` address that was checked once and is the same text for the same place.

use std::fmt;
use std::str::FromStr;

use ureq::http::Uri;

use crate::error::PrinterError;

/// The longest address that is taken, bytes.
const MAX_URI_BYTES: usize = 512;
/// The port of IPP (RFC 8010).
const PORT: u16 = 631;
/// Where a driverless printer takes jobs (PWG 5100.14, IPP Everywhere).
const PATH: &str = "/ipp/print";

/// A printer's address, `ipp://host:port/path`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrinterUri {
    authority: String,
    path: String,
}

impl PrinterUri {
    /// The address at this host, which may be an IP address (IPv6 in brackets).
    ///
    /// # Errors
    /// When host or path are none.
    pub fn new(host: &str, port: u16, path: &str) -> Result<Self, PrinterError> {
        format!("ipp://{host}:{port}/{}", path.trim_start_matches('/')).parse()
    }

    /// The same, as HTTP knows it.
    pub(crate) fn http(&self) -> String {
        format!("http://{}{}", self.authority, self.path)
    }
}

impl FromStr for PrinterUri {
    type Err = PrinterError;

    /// Reads what staff type: a whole address, or only a host, which is taken for a driverless printer.
    ///
    /// Without TLS: `ipps` is refused rather than tried in the clear. Such a printer can be used through CUPS.
    fn from_str(text: &str) -> Result<Self, PrinterError> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_URI_BYTES {
            return Err(PrinterError::BadAddress);
        }
        let whole = if text.contains("://") { text.to_owned() } else { format!("ipp://{text}") };
        let uri: Uri = whole.parse().map_err(|_| PrinterError::BadAddress)?;
        let port = match uri.scheme_str() {
            Some("ipp") => PORT,
            Some("http") => 80,
            Some("ipps" | "https") => return Err(PrinterError::TlsUnsupported),
            _ => return Err(PrinterError::BadAddress),
        };
        let authority = uri.authority().ok_or(PrinterError::BadAddress)?;
        let host = authority.host();
        if host.is_empty() || authority.as_str().contains('@') || uri.query().is_some() {
            return Err(PrinterError::BadAddress);
        }
        // A port that is none is dropped silently by the parser; then something is left behind the host.
        let port = match authority.port_u16() {
            None if authority.as_str() == host => port,
            None | Some(0) => return Err(PrinterError::BadAddress),
            Some(port) => port,
        };
        let path = if matches!(uri.path(), "" | "/") { PATH } else { uri.path() };
        Ok(Self { authority: format!("{}:{port}", host.to_ascii_lowercase()), path: path.to_owned() })
    }
}

impl fmt::Display for PrinterUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ipp://{}{}", self.authority, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, PrinterError>) {
        let read = text.parse::<PrinterUri>().map(|uri| uri.to_string());
        assert_eq!(read, expected.map(str::to_owned), "{text}");
        if let Ok(read) = read {
            assert_eq!(read.parse::<PrinterUri>().map(|uri| uri.to_string()), Ok(read));
        }
    }

    #[test]
    fn what_staff_type() {
        check("192.168.1.50", Ok("ipp://192.168.1.50:631/ipp/print"));
        check(" Printer.local:8631 ", Ok("ipp://printer.local:8631/ipp/print"));
        check("ipp://localhost/printers/Photo", Ok("ipp://localhost:631/printers/Photo"));
        check("http://10.0.0.2:631/ipp/print", Ok("ipp://10.0.0.2:631/ipp/print"));
        check("http://10.0.0.2/ipp", Ok("ipp://10.0.0.2:80/ipp"));
        check("[fd00::2]:8631/ipp/print", Ok("ipp://[fd00::2]:8631/ipp/print"));
        check("ipps://10.0.0.2/ipp/print", Err(PrinterError::TlsUnsupported));
        for bad in [
            "",
            "  ",
            "://",
            "ipp://",
            "ftp://host/x",
            "ipp://user:pw@host/",
            "host:99999",
            "host:0",
            "a b",
            "打印机",
        ] {
            check(bad, Err(PrinterError::BadAddress));
        }
        check("ipp://host/p?waitjob=false", Err(PrinterError::BadAddress));
        check(&"h".repeat(600), Err(PrinterError::BadAddress));
    }
}
