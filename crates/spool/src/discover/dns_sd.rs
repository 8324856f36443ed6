//! Printers that announce themselves in the network (DNS-SD; PWG 5100.14, Bonjour Printing).

use std::net::IpAddr;
use std::time::{Duration, Instant};

use mdns_sd::{ResolvedService, ServiceDaemon, ServiceEvent};

use super::{Found, MAX_PRINTERS, Source, in_order};
use crate::address::PrinterUri;
use crate::error::PrinterError;
use crate::printer::Printer;

const SERVICE: &str = "_ipp._tcp.local.";

/// Listens for so long for driverless printers. Three seconds find most.
///
/// # Errors
/// `SearchFailed` when the network cannot be listened to.
pub fn driverless_printers(time: Duration) -> Result<Vec<Found>, PrinterError> {
    let end = Instant::now() + time;
    let daemon = ServiceDaemon::new().map_err(|_| PrinterError::SearchFailed)?;
    let heard = daemon.browse(SERVICE).map_err(|_| PrinterError::SearchFailed)?;
    let mut found = Vec::new();
    while let Ok(event) = heard.recv_deadline(end) {
        if let ServiceEvent::ServiceResolved(service) = event {
            // The last word on a printer holds; each of its addresses is the same printer.
            found.retain(|(fullname, _): &(String, Found)| *fullname != service.fullname);
            if let Some(printer) = read(&service) {
                found.push((service.fullname.clone(), printer));
            }
        }
        if found.len() >= MAX_PRINTERS {
            break;
        }
    }
    // It ends by itself; who is not waited for cannot hold anybody up.
    if daemon.shutdown().is_err() {
        tracing::debug!("the search for printers has ended before");
    }
    Ok(in_order(found.into_iter().map(|(_, printer)| printer).collect()))
}

fn read(service: &ResolvedService) -> Option<Found> {
    let name = service.fullname.strip_suffix(SERVICE)?.strip_suffix('.')?;
    let mut addresses: Vec<IpAddr> = service.addresses.iter().map(|it| it.to_ip_addr()).collect();
    addresses.sort_by_key(|address| (rank(address), *address));
    let address = addresses.into_iter().find(|address| rank(address) < UNUSABLE)?;
    let host = match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    };
    let text = |key: &str| service.get_property_val_str(key).unwrap_or_default();
    // "rp" is the path, without a slash in front; "pdl" the formats; "ty" the maker and model.
    let uri = PrinterUri::new(&host, service.port, text("rp")).ok()?;
    Some(Found {
        printer: Printer::new(uri, unescape(name)),
        source: Source::Driverless,
        make_and_model: text("ty").to_owned(),
        accepts_pdf: text("pdl").split(',').any(|it| it.trim() == "application/pdf"),
    })
}

const UNUSABLE: u8 = 3;

/// Which address is used first: of this network, of IPv6, of this computer itself. One that holds on one cable only
/// (IPv6 link-local) cannot be written as an address of a printer.
fn rank(address: &IpAddr) -> u8 {
    match address {
        IpAddr::V4(address) if address.is_unspecified() || address.is_multicast() => UNUSABLE,
        IpAddr::V6(address) if address.is_unspecified() || address.is_multicast() => UNUSABLE,
        IpAddr::V6(address) if address.is_unicast_link_local() => UNUSABLE,
        address if address.is_loopback() => 2,
        IpAddr::V4(_) => 0,
        IpAddr::V6(_) => 1,
    }
}

/// Takes the backslashes out of a name (RFC 6763, 4.3).
fn unescape(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut chars = name.chars();
    while let Some(c) = chars.next() {
        plain.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    plain
}
