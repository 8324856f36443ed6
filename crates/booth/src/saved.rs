//! A started visit as it lies in the store, so that a kill loses nothing of it.

use std::collections::BTreeMap;

use caixiang_domain::{Details, Field, PhotoId};
use serde::{Deserialize, Serialize};

use crate::state::{Consents, Replacing, Taken, Visit};
use crate::view::{FindingView, Viewport};

/// The document of a visit.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Document {
    consents: [Option<bool>; 3],
    details: BTreeMap<String, String>,
    product: Option<String>,
    shots: u32,
    pub(crate) taken: Option<TakenDocument>,
    replacing: Option<(String, String)>,
}

/// The photo in hand, without its pictures.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TakenDocument {
    photo: String,
    crop: Viewport,
    findings: Vec<FindingView>,
    blocked: bool,
    for_review: u32,
    override_reason: Option<String>,
}

impl TakenDocument {
    /// The photo's id.
    pub(crate) fn photo(&self) -> Option<PhotoId> {
        self.photo.parse().ok()
    }

    /// The photo in hand, with the addresses of its pictures.
    pub(crate) fn with_view(self, view: crate::view::PhotoView) -> Option<Taken> {
        Some(Taken {
            photo: self.photo()?,
            view,
            crop: self.crop,
            findings: self.findings,
            blocked: self.blocked,
            for_review: self.for_review,
            override_reason: self.override_reason,
            same_face: None,
        })
    }
}

impl Document {
    /// What is kept of a visit.
    pub(crate) fn of(visit: &Visit) -> Self {
        let Consents { photograph, network, compare } = visit.consents;
        Self {
            consents: [photograph, network, compare],
            details: visit
                .details
                .iter()
                .map(|(field, value)| (field.code().to_owned(), value.to_owned()))
                .collect(),
            product: visit.product.clone(),
            shots: visit.shots,
            taken: visit.taken.as_ref().map(|taken| TakenDocument {
                photo: taken.photo.to_string(),
                crop: taken.crop,
                findings: taken.findings.clone(),
                blocked: taken.blocked,
                for_review: taken.for_review,
                override_reason: taken.override_reason.clone(),
            }),
            replacing: visit
                .replacing
                .as_ref()
                .map(|replacing| (replacing.order.to_string(), replacing.rejection.clone())),
        }
    }

    /// The details as filled in.
    pub(crate) fn details(&self) -> Details {
        let mut details = Details::new();
        for (code, value) in &self.details {
            if let Some(field) = Field::from_code(code) {
                details.set(field, value);
            }
        }
        details
    }

    /// The product chosen.
    pub(crate) fn product(&self) -> Option<&str> {
        self.product.as_deref()
    }

    /// Shots taken.
    pub(crate) fn shots(&self) -> u32 {
        self.shots
    }

    /// The rejected order it is for.
    pub(crate) fn replacing(&self) -> Option<Replacing> {
        let (order, rejection) = self.replacing.as_ref()?;
        Some(Replacing { order: order.parse().ok()?, rejection: rejection.clone() })
    }
}
