//! Speaking to the centre: signed requests, bounded answers, no redirect followed, and one right answer.

use std::time::Duration;

use bytes::Bytes;
use caixiang_wire::blob::{self, MAX_PART, PartRange};
use caixiang_wire::changes::MAX_WAIT_S;
use caixiang_wire::sign::{self, Signed};
use caixiang_wire::{
    BlobStatus, Changes, Enrolled, Enrolment, Kind, KioskStatus, Receipt, Sha256Hex, enrol, item_path,
};
use ed25519_dalek::SigningKey;
use futures::{StreamExt, stream};
use reqwest::header::{CONTENT_RANGE, HeaderMap};
use reqwest::{Body, Client, Method, Response, Url};
use serde::de::DeserializeOwned;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::answer::NotSent;
use crate::clock::CentreClock;
use crate::pace::Pace;

const CONNECT: Duration = Duration::from_secs(10);
/// Nothing comes for so long: the connection is dead, even if nobody said so.
const SILENCE: Duration = Duration::from_secs(30);
/// Largest answer that is read.
const MAX_ANSWER: usize = 32 << 20;
/// What is sent between two looks at the pace.
const PIECE: usize = 16 << 10;

/// Where the centre is: `https://…`, or `http://` to this machine only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

/// A text that is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address of a centre: https://name")]
pub struct BadAddress;

impl std::str::FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text.trim()).map_err(|_| BadAddress)?;
        let host = url.host_str().ok_or(BadAddress)?;
        let here = ["localhost", "127.0.0.1", "[::1]"].contains(&host);
        let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let named = !url.username().is_empty() || url.password().is_some();
        let safe = url.scheme() == "https" || (url.scheme() == "http" && here);
        if safe && plain && !named { Ok(Self(url)) } else { Err(BadAddress) }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// Who this kiosk is at the centre.
#[derive(Clone)]
pub struct Identity {
    /// Its id.
    pub kiosk: Uuid,
    /// Its private key.
    pub key: SigningKey,
}

/// The centre, as one kiosk speaks to it.
#[derive(Clone)]
pub struct Centre {
    address: Address,
    identity: Identity,
    clock: CentreClock,
    pace: Pace,
    client: Client,
}

fn client() -> Result<Client, NotSent> {
    Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE + Duration::from_secs(u64::from(MAX_WAIT_S)))
        // A captive portal leads away: whoever answers with another place is not the centre.
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("caixiang/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| NotSent::no_answer(&error))
}

/// Makes this kiosk one of the centre's.
///
/// # Errors
/// [`NotSent::Refused`] for a code that is wrong, too old or used; otherwise as for every request.
pub async fn enrol(address: &Address, code: &str, key: &SigningKey) -> Result<Enrolled, NotSent> {
    let asked = Enrolment {
        code: code.to_owned(),
        public_key: hex::encode(key.verifying_key().as_bytes()),
        proof: sign::prove_enrolment(&enrol::plain_code(code), key),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let url = address.0.join(enrol::ENROL_PATH).map_err(|_| NotSent::NotTheCentre(0))?;
    let request = client()?.post(url).json(&asked).timeout(SILENCE);
    let answer = request.send().await.map_err(|error| NotSent::no_answer(&error))?;
    read(answer, &CentreClock::default()).await
}

impl Centre {
    /// Speaks as this kiosk to this centre.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn new(address: Address, identity: Identity, pace: Pace) -> Result<Self, NotSent> {
        Ok(Self { address, identity, clock: CentreClock::default(), pace, client: client()? })
    }

    /// The centre's time as far as it is known.
    pub fn clock(&self) -> &CentreClock {
        &self.clock
    }

    /// What the centre knows of this kiosk.
    ///
    /// # Errors
    /// [`NotSent`].
    pub async fn me(&self) -> Result<KioskStatus, NotSent> {
        self.ask(Method::GET, enrol::ME_PATH, Bytes::new(), HeaderMap::new()).await
    }

    /// What is new after this cursor; held back by the centre up to so many seconds while there is nothing.
    ///
    /// # Errors
    /// [`NotSent`].
    pub async fn changes(&self, after: i64, wait_s: u32) -> Result<Changes, NotSent> {
        let path = format!("{}?after={after}&wait={}", caixiang_wire::changes::PATH, wait_s.min(MAX_WAIT_S));
        self.ask(Method::GET, &path, Bytes::new(), HeaderMap::new()).await
    }

    /// Sends an item. Done means: the centre has these very bytes under this number on its disk.
    ///
    /// # Errors
    /// [`NotSent`].
    pub async fn put_item(&self, kind: Kind, id: Uuid, revision: u32, body: Bytes) -> Result<(), NotSent> {
        let right = Receipt::of(kind, id, revision, &body);
        let path = item_path(kind, id, revision);
        let receipt: Receipt = self.ask(Method::PUT, &path, body, HeaderMap::new()).await?;
        if receipt == right { Ok(()) } else { Err(NotSent::NotTheCentre(200)) }
    }

    /// Whether the centre has this blob, whole.
    ///
    /// # Errors
    /// [`NotSent`].
    pub async fn has_blob(&self, sha256: &Sha256Hex) -> Result<bool, NotSent> {
        let path = blob::path(sha256);
        let status: BlobStatus = self.ask(Method::GET, &path, Bytes::new(), HeaderMap::new()).await?;
        if status.sha256 == *sha256 { Ok(status.complete) } else { Err(NotSent::NotTheCentre(200)) }
    }

    /// Sends a blob, from where the centre's bytes end.
    ///
    /// # Errors
    /// [`NotSent`].
    pub async fn put_blob(&self, blob: &Bytes) -> Result<(), NotSent> {
        let sha256 = Sha256Hex::of(blob);
        let path = blob::path(&sha256);
        let size = blob.len() as u64;
        let check = |status: &BlobStatus| {
            let right = status.sha256 == sha256
                && status.received <= size
                && (!status.complete || status.received == size);
            if right { Ok(()) } else { Err(NotSent::NotTheCentre(200)) }
        };
        if size <= MAX_PART {
            let status: BlobStatus = self.ask(Method::PUT, &path, blob.clone(), HeaderMap::new()).await?;
            check(&status)?;
            return if status.complete { Ok(()) } else { Err(NotSent::NotTheCentre(200)) };
        }
        let mut status: BlobStatus = self.ask(Method::GET, &path, Bytes::new(), HeaderMap::new()).await?;
        // Each round the centre has more than before, or it is not the centre that it says it is.
        let mut least = None;
        loop {
            check(&status)?;
            if status.complete {
                return Ok(());
            }
            if least.is_some_and(|least| status.received <= least) {
                return Err(NotSent::Offset);
            }
            least = Some(status.received);
            let range = PartRange {
                first: status.received,
                length: MAX_PART.min(size - status.received),
                total: size,
            };
            let (first, length) = (range.first as usize, range.length as usize);
            let mut headers = HeaderMap::new();
            if let Ok(value) = range.to_string().parse() {
                headers.insert(CONTENT_RANGE, value);
            }
            let part = blob.slice(first..first + length);
            status = self.ask(Method::PUT, &path, part, headers).await?;
        }
    }

    /// One request; after a wrong clock one more.
    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        headers: HeaderMap,
    ) -> Result<T, NotSent> {
        match self.ask_once(&method, path, &body, &headers).await {
            Err(NotSent::Clock) => self.ask_once(&method, path, &body, &headers).await,
            other => other,
        }
    }

    async fn ask_once<T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        body: &Bytes,
        headers: &HeaderMap,
    ) -> Result<T, NotSent> {
        let url = self.address.0.join(path).map_err(|_| NotSent::NotTheCentre(0))?;
        let hash = Sha256Hex::of(body);
        let Identity { kiosk, ref key } = self.identity;
        let signed = Signed {
            method: method.as_str(),
            path_and_query: path,
            time_ms: self.clock.now_ms(),
            kiosk,
            body: &hash,
        };
        let mut request = self.client.request(method.clone(), url).headers(headers.clone());
        request = request.header(sign::HEADER, signed.header(key));
        if !body.is_empty() {
            request = request.header(reqwest::header::CONTENT_LENGTH, body.len()).body(self.paced(body));
        }
        let answer = request.send().await.map_err(|error| NotSent::no_answer(&error))?;
        read(answer, &self.clock).await
    }

    fn paced(&self, body: &Bytes) -> Body {
        let pieces: Vec<Bytes> =
            (0..body.len()).step_by(PIECE).map(|at| body.slice(at..(at + PIECE).min(body.len()))).collect();
        let pace = self.pace.clone();
        Body::wrap_stream(stream::iter(pieces).then(move |piece| {
            let pace = pace.clone();
            async move {
                pace.wait(piece.len()).await;
                Ok::<_, std::convert::Infallible>(piece)
            }
        }))
    }
}

/// Reads an answer of bounded size, and the centre's time from it.
async fn read<T: DeserializeOwned>(answer: Response, clock: &CentreClock) -> Result<T, NotSent> {
    let status = answer.status();
    let time =
        answer.headers().get(sign::TIME_HEADER).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
    if let Some(now_ms) = time {
        clock.set(now_ms);
    }
    let mut body = Zeroizing::new(Vec::new());
    let mut pieces = answer.bytes_stream();
    while let Some(piece) = pieces.next().await {
        body.extend_from_slice(&piece.map_err(|error| NotSent::no_answer(&error))?);
        if body.len() > MAX_ANSWER {
            return Err(NotSent::NotTheCentre(status.as_u16()));
        }
    }
    if status != reqwest::StatusCode::OK {
        return Err(NotSent::refused(status, time.is_some(), &body));
    }
    // A portal's page is 200 too: without the mark and the right words it is nobody's receipt.
    let right = serde_json::from_slice(&body).ok().filter(|_| time.is_some());
    right.ok_or(NotSent::NotTheCentre(200))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_safe_or_of_this_machine() {
        for good in [
            "https://centre.example",
            " https://centre.example:8443/ ",
            "http://127.0.0.1:8480",
            "http://localhost",
        ] {
            assert!(good.parse::<Address>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "centre.example",
            "http://centre.example",
            "https://a:b@centre.example",
            "https://centre.example/x",
            "https://centre.example?x",
            "ftp://centre.example",
        ] {
            assert_eq!(bad.parse::<Address>(), Err(BadAddress), "{bad}");
        }
    }
}
