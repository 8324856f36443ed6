//! Looks over the bytes of an answer before the library reads them: values within values within values overflow its
//! stack, and a text whose inner lengths lie stops it. (RFC 8010, 3.1: how a message is written.)

/// How deep values may lie within values. Printers use three levels.
const MAX_DEPTH: u32 = 8;
/// How many values there may be.
const MAX_VALUES: u32 = 50_000;

const END: u8 = 0x03;
const BEGIN_COLLECTION: u8 = 0x34;
const END_COLLECTION: u8 = 0x37;
const TEXT_WITH_LANGUAGE: u8 = 0x35;
const NAME_WITH_LANGUAGE: u8 = 0x36;

/// Whether the attributes of a message can be read without harm.
pub(super) fn is_sound(message: &[u8]) -> bool {
    walk(message).is_some()
}

fn walk(message: &[u8]) -> Option<()> {
    let mut rest = message.get(8..)?;
    let mut depth = 0_u32;
    for _ in 0..MAX_VALUES {
        let (&tag, behind) = rest.split_first()?;
        rest = behind;
        match tag {
            END => return Some(()),
            0x00..=0x0f => depth = 0,
            _ => {
                let (_, behind) = field(rest)?;
                let (value, behind) = field(behind)?;
                rest = behind;
                match tag {
                    BEGIN_COLLECTION => depth += 1,
                    END_COLLECTION => depth = depth.checked_sub(1)?,
                    TEXT_WITH_LANGUAGE | NAME_WITH_LANGUAGE => {
                        let (_, text) = field(value)?;
                        field(text)?;
                    }
                    _ => {}
                }
                if depth > MAX_DEPTH {
                    return None;
                }
            }
        }
    }
    None
}

/// A length of two bytes and what is that long; and what follows.
fn field(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}
