//! The PINs of the staff's roles, and the lock-out after wrong ones, which a restart does not lift.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use serde_json::json;

use crate::audit::{self, About, Actor};
use crate::error::StoreError;
use crate::keys;
use crate::rows;
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE pins (
    role TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL,
    wrong INTEGER NOT NULL DEFAULT 0,
    lock_outs INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER
) STRICT, WITHOUT ROWID;";

/// Wrong PINs until the role is locked.
const TRIES: u32 = 5;
/// How long each lock-out in a row lasts, in minutes; the last one again and again.
const LOCK_OUTS_MIN: [i64; 3] = [1, 5, 15];

/// Who may use the staff's screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Runs the line.
    Photographer,
    /// Sets the kiosk up.
    Manager,
}

impl Role {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Photographer, Self::Manager];

    /// The stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Photographer => "photographer",
            Self::Manager => "manager",
        }
    }

    fn actor(self) -> Actor {
        match self {
            Self::Photographer => Actor::Photographer,
            Self::Manager => Actor::Manager,
        }
    }
}

/// What is said to a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinAnswer {
    /// It is the one.
    Right,
    /// It is not.
    Wrong {
        /// Tries left until the role is locked.
        left: u32,
    },
    /// Too many were wrong; none is looked at before then.
    Locked {
        /// When the next one is looked at.
        until: Timestamp,
    },
    /// The role has none yet.
    NotSet,
}

/// How the tries on a role stand.
#[derive(Clone, Copy)]
struct Tries {
    wrong: u32,
    lock_outs: u32,
    locked_until: Option<Timestamp>,
}

impl Store {
    /// Whether a role has a PIN.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn has_pin(&self, role: Role) -> Result<bool, StoreError> {
        self.read(|conn| kept(conn, role).map(|kept| kept.is_some()))
    }

    /// Sets a role's PIN, four to twelve digits, and lifts a lock-out.
    ///
    /// # Errors
    /// [`StoreError::BadPin`], or when the database refuses.
    pub fn set_pin(&mut self, role: Role, pin: &str, actor: Actor, now: Timestamp) -> Result<(), StoreError> {
        if !(4..=12).contains(&pin.len()) || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(StoreError::BadPin);
        }
        let salt = SaltString::encode_b64(&keys::random::<16>()?).map_err(|_| StoreError::Cipher)?;
        let hash = Argon2::default().hash_password(pin.as_bytes(), &salt).map_err(|_| StoreError::Cipher)?;
        let hash = hash.to_string();
        self.write(|conn| {
            rows::change(
                conn,
                "INSERT INTO pins (role, hash) VALUES (?1, ?2) ON CONFLICT (role)
                 DO UPDATE SET hash = ?2, wrong = 0, lock_outs = 0, locked_until = NULL",
                params![role.code(), hash],
            )?;
            let detail = json!({ "role": role.code() });
            audit::append(conn, now, actor, "pin.set", About::default(), &detail).map(drop)
        })
    }

    /// Whose PIN it is: the role, where it is one, and otherwise what is said to a wrong one. A wrong PIN counts for
    /// every role, so that two roles do not double the tries; where two roles have the same PIN, it is the manager's.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn whose_pin(&mut self, pin: &str, now: Timestamp) -> Result<Result<Role, PinAnswer>, StoreError> {
        let roles = [Role::Manager, Role::Photographer];
        for role in roles {
            let kept = self.read(|conn| kept(conn, role))?;
            // A photographer's own PIN is no wrong try on the manager's; nor does it wipe out earlier ones.
            if kept.is_some_and(|(hash, _)| fits(&hash, pin)) {
                return Ok(match self.check_pin(role, pin, now)? {
                    PinAnswer::Right => Ok(role),
                    answer => Err(answer),
                });
            }
        }
        let mut first = None;
        for role in roles {
            let answer = self.check_pin(role, pin, now)?;
            if answer != PinAnswer::NotSet {
                first.get_or_insert(answer);
            }
        }
        Ok(Err(first.unwrap_or(PinAnswer::NotSet)))
    }

    /// Whether another role than this one has this PIN. No try is counted: only who may set PINs asks.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn is_pin_of_another(&self, role: Role, pin: &str) -> Result<bool, StoreError> {
        for other in Role::ALL.into_iter().filter(|other| *other != role) {
            let kept = self.read(|conn| kept(conn, other))?;
            if kept.is_some_and(|(hash, _)| fits(&hash, pin)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Compares a PIN. The try is counted on the disk before the answer is given.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn check_pin(&mut self, role: Role, pin: &str, now: Timestamp) -> Result<PinAnswer, StoreError> {
        let Some((hash, tries)) = self.read(|conn| kept(conn, role))? else { return Ok(PinAnswer::NotSet) };
        if let Some(until) = tries.locked_until {
            // A clock that was set back must not lengthen the lock-out.
            let until = until.min(now.saturating_add(length(tries.lock_outs)).unwrap_or(until));
            if now < until {
                return Ok(PinAnswer::Locked { until });
            }
        }
        let parsed = PasswordHash::new(&hash).map_err(|_| StoreError::BadRow("pin"))?;
        let right = Argon2::default().verify_password(pin.as_bytes(), &parsed).is_ok();
        self.write(|conn| {
            let (after, answer) = judge(tries, right, now);
            rows::change(
                conn,
                "UPDATE pins SET wrong = ?2, lock_outs = ?3, locked_until = ?4 WHERE role = ?1",
                params![
                    role.code(),
                    after.wrong,
                    after.lock_outs,
                    after.locked_until.map(Timestamp::as_millisecond)
                ],
            )?;
            let action = match answer {
                PinAnswer::Right => "pin.right",
                PinAnswer::Locked { .. } => "pin.locked",
                _ => "pin.wrong",
            };
            audit::append(
                conn,
                now,
                role.actor(),
                action,
                About::default(),
                &json!({ "role": role.code() }),
            )?;
            Ok(answer)
        })
    }
}

/// Whether a PIN is the one of this hash.
fn fits(hash: &str, pin: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(pin.as_bytes(), &hash).is_ok())
}

fn kept(conn: &Connection, role: Role) -> Result<Option<(String, Tries)>, StoreError> {
    let sql = "SELECT hash, wrong, lock_outs, locked_until FROM pins WHERE role = ?1";
    rows::one(conn, sql, params![role.code()], |row| {
        let until = row.get::<_, Option<i64>>(3)?.map(Timestamp::from_millisecond).transpose();
        let tries = Tries {
            wrong: rows::small(row, 1)?,
            lock_outs: rows::small(row, 2)?,
            locked_until: until.map_err(|_| StoreError::BadRow("time"))?,
        };
        Ok((row.get(0)?, tries))
    })
}

/// How long this lock-out in a row lasts.
fn length(lock_outs: u32) -> SignedDuration {
    let at = usize::try_from(lock_outs.saturating_sub(1)).unwrap_or(usize::MAX).min(LOCK_OUTS_MIN.len() - 1);
    SignedDuration::from_mins(LOCK_OUTS_MIN[at])
}

/// What follows from a try that was looked at.
fn judge(before: Tries, right: bool, now: Timestamp) -> (Tries, PinAnswer) {
    if right {
        return (Tries { wrong: 0, lock_outs: 0, locked_until: None }, PinAnswer::Right);
    }
    let wrong = before.wrong + 1;
    if wrong < TRIES {
        let after = Tries { wrong, lock_outs: before.lock_outs, locked_until: None };
        return (after, PinAnswer::Wrong { left: TRIES - wrong });
    }
    let lock_outs = before.lock_outs.saturating_add(1);
    let until = now.saturating_add(length(lock_outs)).unwrap_or(now);
    (Tries { wrong: 0, lock_outs, locked_until: Some(until) }, PinAnswer::Locked { until })
}
