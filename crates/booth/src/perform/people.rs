//! Finding people, beginning and keeping their visits, the photographer's queue.

use caixiang_domain::{Details, Field, OrderState, Standing, Subject, SubjectId};
use caixiang_identity::{CaptureCode, DocumentNumber};
use caixiang_store::{QueueFilter, StoreError, Which};
use jiff::Timestamp;

use super::local;
use crate::album::Shelf;
use crate::event::{Arrival, Begun, Event, Known, Saved};
use crate::run::Runner;
use crate::saved::{Document, TakenDocument};
use crate::state::{InForce, QueueItem, QueuePart, Student, Taken, Visit};
use crate::view::{IdentifyWay, Notice};

/// Rows of the queue that are sent to the page at a time.
const QUEUE_ROWS: u32 = 60;

impl Runner {
    pub(super) fn find_code(&mut self, code: [u8; 32]) -> Result<(), StoreError> {
        let Some(session) = self.state.session().map(|session| session.id) else { return Ok(()) };
        let Some(store) = &self.store else { return Ok(()) };
        let event = match store.subject_by_code(session, &code)? {
            Some(subject) => {
                let student = Box::new(self.student(&subject)?);
                // The code is on a phone that anybody may hold: the last four characters tie it to the person.
                Event::Identified(Known::One { student, proven: false })
            }
            None => Event::NewCode(code),
        };
        self.answers.push_back(event);
        Ok(())
    }

    /// What a keyboard-wedge scanner read: a document's number where it is one that the roster has, otherwise a code.
    pub(super) fn find_scan(&mut self, text: &str) -> Result<(), StoreError> {
        if !self.by_code() && DocumentNumber::parse(text).is_ok() {
            return self.find_number(text, IdentifyWay::Document, None);
        }
        match CaptureCode::from_scan(text.as_bytes().to_vec()) {
            Ok(code) => self.find_code(code.sha256()),
            Err(problem) => {
                self.answers.push_back(Event::Failed(Notice::new(problem.code())));
                Ok(())
            }
        }
    }

    pub(super) fn find_number(
        &mut self,
        typed: &str,
        way: IdentifyWay,
        code: Option<[u8; 32]>,
    ) -> Result<(), StoreError> {
        let Some(session) = self.state.session().map(|session| session.id) else { return Ok(()) };
        let number = match way {
            IdentifyWay::Document => {
                DocumentNumber::parse(typed).map(|number| number.reveal().to_owned()).ok()
            }
            _ => Some(typed.to_owned()),
        };
        let Some(number) = number else { return Ok(()) };
        let Some(store) = &mut self.store else { return Ok(()) };
        let mut found = store.subjects_by_number(session, &number)?;
        let by_document = |subject: &Subject| {
            subject.details.get(Field::IdNumber).is_some_and(|known| known.eq_ignore_ascii_case(&number))
        };
        if way == IdentifyWay::Document {
            found.retain(|subject| by_document(subject));
        }
        let known = match found.as_slice() {
            [] => Known::Nobody,
            [subject] => {
                if let Some(code) = code {
                    store.set_code(subject.id, &code)?;
                }
                let subject = subject.clone();
                Known::One {
                    student: Box::new(self.student(&subject)?),
                    proven: way == IdentifyWay::Document,
                }
            }
            _ => Known::Several,
        };
        self.answers.push_back(Event::Identified(known));
        Ok(())
    }

    pub(super) fn make_subject(&mut self, code: [u8; 32], last_four: &str) -> Result<(), StoreError> {
        let Some(session) = self.state.session().map(|session| session.id) else { return Ok(()) };
        let Some(store) = &mut self.store else { return Ok(()) };
        let details = Details::new().with(Field::LastFour, last_four);
        let subject = store.create_subject(session, details, Some(code))?;
        let student = Box::new(self.student(&subject)?);
        self.answers.push_back(Event::Identified(Known::One { student, proven: true }));
        Ok(())
    }

    /// What the screens need to know of a record.
    pub(super) fn student(&self, subject: &Subject) -> Result<Student, StoreError> {
        let orders = match &self.store {
            Some(store) => store.orders_of(subject.id)?,
            None => Vec::new(),
        };
        let in_force = orders
            .into_iter()
            .find(|order| !matches!(order.state, OrderState::Closed | OrderState::Refunded));
        Ok(Student {
            subject: subject.id,
            details: subject.details.clone(),
            last_four: subject.last_four(),
            order: in_force.map(|order| InForce {
                id: order.id,
                state: order.state,
                rejection: order.rejection,
            }),
        })
    }

    pub(super) fn begin_visit(&mut self, arrival: Arrival) -> Result<(), StoreError> {
        let Some(store) = &mut self.store else { return Ok(()) };
        let visit = store.begin_visit(arrival.student.subject, Timestamp::now())?;
        let document = serde_json::from_str::<Document>(&visit.document).ok();
        let saved = document.and_then(|mut document| {
            let taken = document.taken.take().and_then(|taken| self.taken(taken));
            let saved = Saved {
                started: local(visit.started),
                details: document.details(),
                product: document.product().map(str::to_owned),
                shots: document.shots(),
                taken,
                replacing: document.replacing(),
            };
            // Somebody who only said who they are and left has nothing to take up again.
            let begun = saved.taken.is_some()
                || saved.shots > 0
                || saved.product.is_some()
                || saved.details != arrival.student.details;
            begun.then(|| Box::new(saved))
        });
        let begun = Begun { id: visit.id, shot_number: visit.shot_number, saved };
        self.answers.push_back(Event::Begun(Box::new(arrival), begun));
        Ok(())
    }

    /// A kept photo with its pictures; none where they cannot be read any more.
    fn taken(&self, document: TakenDocument) -> Option<Taken> {
        let (store, photo) = (self.store.as_ref()?, document.photo()?);
        let read = |which| {
            let read = store.read_photo(photo, which);
            read.inspect_err(|error| tracing::error!(code = error.code(), "a kept photo cannot be read")).ok()
        };
        let (original, finished) = (read(Which::Original)?, read(Which::Finished)?);
        let view = self.shared.album.put(Shelf::Visit, Some(original.to_vec()), Some(finished.to_vec()));
        document.with_view(view)
    }

    pub(super) fn save_visit(&mut self, visit: &Visit) -> Result<(), StoreError> {
        let Some(store) = &mut self.store else { return Ok(()) };
        let document =
            serde_json::to_string(&Document::of(visit)).map_err(|_| StoreError::BadDocument("visit"))?;
        let photo = visit.taken.as_ref().map(|taken| taken.photo);
        store.save_visit(visit.id, &document, photo, Timestamp::now())
    }

    pub(super) fn read_queue(&mut self, search: String, offset: u32) -> Result<(), StoreError> {
        let (Some(session), Some(store)) = (self.state.session(), &self.store) else { return Ok(()) };
        let text = Some(search).filter(|text| !text.trim().is_empty());
        let filter = QueueFilter { text, ..QueueFilter::default() };
        let page = store.queue(session.id, &filter, offset, QUEUE_ROWS)?;
        let counts = store.queue_counts(session.id)?;
        let count = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let rows = page.rows.into_iter().zip(offset..).map(|(row, index)| QueueItem {
            subject: row.subject,
            index,
            name: row.name.unwrap_or_default(),
            student_number: row.student_number.unwrap_or_default(),
            class_name: row.class_name.unwrap_or_default(),
            standing: standing(row.standing),
        });
        let part = QueuePart {
            rows: rows.collect(),
            offset,
            total: count(page.total),
            waiting: count(counts.waiting),
            done: count(counts.ordered),
            absent: count(counts.absent),
        };
        self.answers.push_back(Event::QueueRead(part));
        Ok(())
    }

    pub(super) fn call_next(&mut self, after: Option<SubjectId>) -> Result<(), StoreError> {
        let (Some(session), Some(store)) = (self.state.session(), &self.store) else { return Ok(()) };
        let next = store.next_waiting(session.id, after)?;
        self.call(next)
    }

    /// Brings somebody before the camera, or nobody.
    pub(super) fn call(&mut self, subject: Option<SubjectId>) -> Result<(), StoreError> {
        let Some(store) = &self.store else { return Ok(()) };
        let event = match subject {
            None => Event::Called(None, None),
            Some(id) => {
                let subject = store.subject(id)?;
                let known = |field| subject.details.get(field).unwrap_or_default().to_owned();
                let item = QueueItem {
                    subject: id,
                    index: 0,
                    name: known(Field::Name),
                    student_number: known(Field::StudentNumber),
                    class_name: known(Field::ClassName),
                    standing: standing(subject.standing),
                };
                Event::Called(Some(item), Some(Box::new(self.student(&subject)?)))
            }
        };
        self.answers.push_back(event);
        Ok(())
    }
}

/// The stable word of a standing.
fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Waiting => "waiting",
        Standing::Absent => "absent",
        Standing::Ordered(state) => state.code(),
    }
}
