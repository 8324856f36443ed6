//! People of the demonstration session (`assets/demonstration/session.toml`), none of whom exists.

/// The PIN of the demonstration.
pub const PIN: &str = "2468";

/// One of them.
#[derive(Debug, Clone, Copy)]
pub struct Student {
    /// Name.
    pub name: &'static str,
    /// Student number.
    pub student_number: &'static str,
    /// Number of the ID card.
    pub id_number: &'static str,
}

impl Student {
    /// The last four characters of the ID number.
    pub fn last_four(&self) -> &'static str {
        &self.id_number[self.id_number.len() - 4..]
    }
}

/// The first of the roster, in its order.
pub const STUDENTS: [Student; 6] = [
    Student { name: "王子涵", student_number: "20231000", id_number: "990000200401031234" },
    Student { name: "李思远", student_number: "20231001", id_number: "990000200402181234" },
    Student { name: "张雨桐", student_number: "20231002", id_number: "990000200403061234" },
    Student { name: "刘浩然", student_number: "20231003", id_number: "990000200403221234" },
    Student { name: "陈诗琪", student_number: "20231004", id_number: "990000200404101234" },
    Student { name: "杨一鸣", student_number: "20231005", id_number: "990000200404291234" },
];
