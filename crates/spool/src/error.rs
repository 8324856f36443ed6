//! What can go wrong between here and a printer, each with a stable code. The sentences are in the message files.

/// Why a printer did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrinterError {
    /// The address is none.
    #[error("not the address of a printer")]
    BadAddress,
    /// The address asks for TLS, which is not spoken here; the printer can be used through CUPS.
    #[error("printers with TLS are not supported")]
    TlsUnsupported,
    /// Nobody answers there: off, unplugged, or another network.
    #[error("the printer cannot be reached")]
    Unreachable,
    /// It took the question and did not answer in time.
    #[error("the printer does not answer")]
    NoAnswer,
    /// The connection broke after the question had begun.
    #[error("the connection to the printer broke")]
    ConnectionLost,
    /// Something answers there, but no printer.
    #[error("the device is no IPP printer (HTTP status {http_status})")]
    NotIpp {
        /// What it said.
        http_status: u16,
    },
    /// The answer cannot be read, is too large, or is the answer to something else.
    #[error("the printer's answer cannot be read")]
    BadAnswer,
    /// It wants a user name and a password, or does not let this computer print.
    #[error("the printer does not allow it")]
    Forbidden,
    /// It speaks with TLS only; it can be used through CUPS.
    #[error("the printer wants TLS")]
    TlsRequired,
    /// It takes no jobs now; an operator said so.
    #[error("the printer does not accept jobs")]
    NotAccepting,
    /// It takes one job at a time and has one.
    #[error("the printer is busy with another job")]
    Busy,
    /// It does not know the job, or does not know it any more.
    #[error("the printer does not know the job")]
    NoSuchJob,
    /// It takes no PDF; it can be used through CUPS, which converts.
    #[error("the printer takes no PDF")]
    PdfUnsupported,
    /// It cannot print on this paper, in this way, or as often.
    #[error("the printer cannot print with these options")]
    OptionsUnsupported {
        /// The attributes it refuses, in IPP's names, separated by commas.
        names: String,
    },
    /// It refused for another reason.
    #[error("the printer refused with IPP status {ipp_status:#06x}")]
    Refused {
        /// RFC 8011, appendix B.
        ipp_status: u16,
    },
    /// The options of a job are outside of what is taken.
    #[error("{0} is outside of what is taken")]
    BadOption(&'static str),
    /// The document is larger than what is taken.
    #[error("the document is too large")]
    DocumentTooLarge,
    /// The document is no PDF.
    #[error("the document is no PDF")]
    NotPdf,
    /// The network cannot be searched for printers.
    #[error("the network cannot be searched for printers")]
    SearchFailed,
}

impl PrinterError {
    /// The stable code for the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadAddress => "printer.bad_address",
            Self::TlsUnsupported => "printer.tls_unsupported",
            Self::Unreachable => "printer.unreachable",
            Self::NoAnswer => "printer.no_answer",
            Self::ConnectionLost => "printer.connection_lost",
            Self::NotIpp { .. } => "printer.not_ipp",
            Self::BadAnswer => "printer.bad_answer",
            Self::Forbidden => "printer.forbidden",
            Self::TlsRequired => "printer.tls_required",
            Self::NotAccepting => "printer.not_accepting",
            Self::Busy => "printer.busy",
            Self::NoSuchJob => "printer.no_such_job",
            Self::PdfUnsupported => "printer.pdf_unsupported",
            Self::OptionsUnsupported { .. } => "printer.options_unsupported",
            Self::Refused { .. } => "printer.refused",
            Self::BadOption(_) => "printer.bad_option",
            Self::DocumentTooLarge => "printer.document_too_large",
            Self::NotPdf => "printer.not_pdf",
            Self::SearchFailed => "printer.search_failed",
        }
    }

    /// Every code of an error.
    pub(crate) const CODES: &'static [&'static str] = &[
        "printer.bad_address",
        "printer.tls_unsupported",
        "printer.unreachable",
        "printer.no_answer",
        "printer.connection_lost",
        "printer.not_ipp",
        "printer.bad_answer",
        "printer.forbidden",
        "printer.tls_required",
        "printer.not_accepting",
        "printer.busy",
        "printer.no_such_job",
        "printer.pdf_unsupported",
        "printer.options_unsupported",
        "printer.refused",
        "printer.bad_option",
        "printer.document_too_large",
        "printer.not_pdf",
        "printer.search_failed",
    ];
}
