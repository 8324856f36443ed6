//! Why a printer is as it is: IPP's words (RFC 8011, 5.4.12; PWG 5100.9) gathered into what staff can do something
//! about.

/// How bad it is (the ending of IPP's word).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Report,
    /// It goes on printing.
    Warning,
    /// It does not print.
    Error,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonKind {
    /// No paper.
    MediaEmpty,
    /// Another paper must be put in.
    MediaNeeded,
    /// Little paper left.
    MediaLow,
    /// Paper is stuck.
    MediaJam,
    /// No ink, toner or ribbon.
    MarkerSupplyEmpty,
    /// Little ink, toner or ribbon left.
    MarkerSupplyLow,
    /// The box for used ink is full or nearly.
    MarkerWasteFull,
    /// A cover or door is open.
    CoverOpen,
    /// A tray is missing.
    TrayMissing,
    /// The printed sheets must be taken out.
    OutputFull,
    /// Somebody paused it.
    Paused,
    /// Off or unplugged, as CUPS sees it.
    Offline,
    /// Too hot, a worn part, a fault inside.
    NeedsService,
    /// Another word, as it came.
    Other(String),
}

impl ReasonKind {
    /// The stable code for the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MediaEmpty => "printer.media_empty",
            Self::MediaNeeded => "printer.media_needed",
            Self::MediaLow => "printer.media_low",
            Self::MediaJam => "printer.media_jam",
            Self::MarkerSupplyEmpty => "printer.marker_supply_empty",
            Self::MarkerSupplyLow => "printer.marker_supply_low",
            Self::MarkerWasteFull => "printer.marker_waste_full",
            Self::CoverOpen => "printer.cover_open",
            Self::TrayMissing => "printer.tray_missing",
            Self::OutputFull => "printer.output_full",
            Self::Paused => "printer.paused",
            Self::Offline => "printer.offline",
            Self::NeedsService => "printer.needs_service",
            Self::Other(_) => "printer.other",
        }
    }

    /// Every code of a reason.
    pub(crate) const CODES: &'static [&'static str] = &[
        "printer.media_empty",
        "printer.media_needed",
        "printer.media_low",
        "printer.media_jam",
        "printer.marker_supply_empty",
        "printer.marker_supply_low",
        "printer.marker_waste_full",
        "printer.cover_open",
        "printer.tray_missing",
        "printer.output_full",
        "printer.paused",
        "printer.offline",
        "printer.needs_service",
        "printer.other",
    ];
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reason {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub kind: ReasonKind,
}

impl Reason {
    /// Reads one of IPP's words; nothing for `none` and for what is no trouble at all.
    ///
    /// A word without an ending is an error (RFC 8011, 5.4.12), except where the thing itself is not yet one.
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        let endings =
            [("-report", Severity::Report), ("-warning", Severity::Warning), ("-error", Severity::Error)];
        let (word, said) = endings
            .into_iter()
            .find_map(|(ending, severity)| Some((keyword.strip_suffix(ending)?, Some(severity))))
            .unwrap_or((keyword, None));
        let kind = match word {
            "none" | "" | "connecting-to-device" | "cups-waiting-for-job-completed" | "resuming" => {
                return None;
            }
            "media-empty" => ReasonKind::MediaEmpty,
            "media-needed" => ReasonKind::MediaNeeded,
            "media-low" => ReasonKind::MediaLow,
            "media-jam" => ReasonKind::MediaJam,
            "marker-supply-empty" | "toner-empty" | "developer-empty" => ReasonKind::MarkerSupplyEmpty,
            "marker-supply-low" | "toner-low" | "developer-low" => ReasonKind::MarkerSupplyLow,
            "marker-waste-full" | "marker-waste-almost-full" => ReasonKind::MarkerWasteFull,
            "cover-open" | "door-open" | "interlock-open" => ReasonKind::CoverOpen,
            "input-tray-missing" | "output-tray-missing" => ReasonKind::TrayMissing,
            "output-area-full" | "output-area-almost-full" => ReasonKind::OutputFull,
            "paused" | "moving-to-paused" | "hold-new-jobs" | "deactivated" => ReasonKind::Paused,
            "offline" | "shutdown" | "timed-out" | "stopped-partly" | "stopping" => ReasonKind::Offline,
            "fuser-over-temp"
            | "fuser-under-temp"
            | "opc-near-eol"
            | "opc-life-over"
            | "spool-area-full"
            | "interpreter-resource-unavailable" => ReasonKind::NeedsService,
            other => ReasonKind::Other(other.chars().take(127).collect()),
        };
        let mild = word.ends_with("-low") || word.contains("almost") || word == "opc-near-eol";
        let otherwise = if mild { Severity::Warning } else { Severity::Error };
        Some(Self { severity: said.unwrap_or(otherwise), kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(keyword: &str, expected: Option<(&str, Severity)>) {
        let read = Reason::from_keyword(keyword).map(|reason| (reason.kind.code(), reason.severity));
        assert_eq!(read, expected, "{keyword}");
        assert!(read.is_none_or(|(code, _)| ReasonKind::CODES.contains(&code)));
    }

    #[test]
    fn words_of_ipp() {
        check("none", None);
        check("cups-waiting-for-job-completed", None);
        check("media-empty-error", Some(("printer.media_empty", Severity::Error)));
        check("media-empty-warning", Some(("printer.media_empty", Severity::Warning)));
        check("media-jam", Some(("printer.media_jam", Severity::Error)));
        check("toner-low", Some(("printer.marker_supply_low", Severity::Warning)));
        check("toner-empty-report", Some(("printer.marker_supply_empty", Severity::Report)));
        check("door-open", Some(("printer.cover_open", Severity::Error)));
        check("offline-report", Some(("printer.offline", Severity::Report)));
        check("com.example-hopper-sad", Some(("printer.other", Severity::Error)));
    }
}
