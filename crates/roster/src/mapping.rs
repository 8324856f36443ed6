//! Which column holds what: guessed from the header, shown, and changed by hand where the guess is wrong.

use caixiang_domain::Field;

use crate::error::RosterError;
use crate::header_names;
use crate::limits::HEADER_ROWS;
use crate::table::{Row, Table};

/// Which row is the header and what each column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The header's place in [`Table::rows`]; what stands above is a title.
    pub header_row: usize,
    /// What each column holds, by its place; no field twice.
    pub columns: Vec<Option<Field>>,
}

/// What a roster cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needed {
    /// A column with names.
    Name,
    /// A column with student numbers or one with document numbers.
    Number,
}

impl Mapping {
    /// The row among the first twenty that names most fields, and what it names. Where none does, the first row and
    /// no field.
    pub fn guess(table: &Table) -> Self {
        let mut best = (0, 0);
        for (at, row) in table.rows.iter().enumerate().take(HEADER_ROWS) {
            let named = fields(row, table.width()).into_iter().flatten().count();
            // A title may name one field by chance; above a header it must not win.
            if named > best.1 {
                best = (at, named);
            }
        }
        let (header_row, _) = best;
        let columns = table.rows.get(header_row).map(|row| fields(row, table.width())).unwrap_or_default();
        Self { header_row, columns }
    }

    /// The column of a field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|column| *column == Some(field))
    }

    /// Gives a column another meaning; the column that had it loses it.
    pub fn set(&mut self, column: usize, field: Option<Field>) {
        if let Some(other) = field.and_then(|field| self.column(field)) {
            self.columns[other] = None;
        }
        if let Some(there) = self.columns.get_mut(column) {
            *there = field;
        }
    }

    /// What is needed and not there.
    pub fn missing(&self) -> Vec<Needed> {
        let has = |field: Field| self.column(field).is_some();
        let name = (!has(Field::Name)).then_some(Needed::Name);
        let number = (!has(Field::StudentNumber) && !has(Field::IdNumber)).then_some(Needed::Number);
        name.into_iter().chain(number).collect()
    }

    /// Whether it can be used with this table.
    ///
    /// # Errors
    /// [`RosterError::BadMapping`] where the header is not there or a field is used twice.
    pub(crate) fn check(&self, table: &Table) -> Result<(), RosterError> {
        let twice = self.columns.iter().enumerate().any(|(at, field)| {
            field.is_some() && self.columns.iter().skip(at + 1).any(|other| other == field)
        });
        let outside = self.header_row >= table.rows.len();
        if twice || outside { Err(RosterError::BadMapping) } else { Ok(()) }
    }
}

/// What the cells of a row name: each field where it is named best, the first of equals.
fn fields(row: &Row, width: usize) -> Vec<Option<Field>> {
    let named: Vec<_> = (0..width).map(|column| header_names::field(row.cell(column))).collect();
    let rank_of = |field: Field| {
        named.iter().flatten().filter(|(other, _)| *other == field).map(|(_, rank)| *rank).min()
    };
    let mut used = Vec::new();
    named
        .iter()
        .map(|name| {
            let (field, rank) = (*name)?;
            let best = rank_of(field) == Some(rank) && !used.contains(&field);
            best.then(|| used.push(field)).map(|()| field)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[&str]]) -> Table {
        let rows = rows.iter().zip(1..).map(|(cells, number)| Row {
            number,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
            flags: Vec::new(),
        });
        Table { rows: rows.collect() }
    }

    fn check(header: &[&str], expected: &[Option<Field>]) {
        let guess = Mapping::guess(&table(&[header]));
        assert_eq!(guess.columns, expected, "{header:?}");
    }

    #[test]
    fn the_columns_that_schools_use() {
        use Field::*;
        let school = "学号 姓名 性别 民族 出生日期 身份证号 手机号 考生号 培养层次 学制 院校代码 院校名称 学院名称 专业名称 班级名称 备注";
        let school: Vec<&str> = school.split(' ').collect();
        let fields = [
            StudentNumber,
            Name,
            Sex,
            Nation,
            Birth,
            IdNumber,
            Phone,
            ExamNumber,
            Level,
            Duration,
            SchoolCode,
            SchoolName,
            College,
            Major,
            ClassName,
            Remark,
        ];
        check(&school, &fields.map(Some));
        let chsi: Vec<&str> = "KSH XH XM XB CSRQ SFZH MZ ZYDM ZYMC CC XZ FY XSH BH".split(' ').collect();
        let fields = [
            Some(ExamNumber),
            Some(StudentNumber),
            Some(Name),
            Some(Sex),
            Some(Birth),
            Some(IdNumber),
            Some(Nation),
            None,
            Some(Major),
            Some(Level),
            Some(Duration),
            Some(College),
            None,
            Some(ClassName),
        ];
        check(&chsi, &fields);
        check(
            &[
                "Student ID",
                "Full Name",
                "Gender",
                "Date of birth",
                "ID number",
                "Mobile",
                "Class",
                "College",
            ],
            &[StudentNumber, Name, Sex, Birth, IdNumber, Phone, ClassName, College].map(Some),
        );
        check(
            &["证件号码（必填）", "* 姓 名", "院系", "行政班", "联系电话", "证件类型", "父亲姓名"],
            &[Some(IdNumber), Some(Name), Some(College), Some(ClassName), Some(Phone), None, None],
        );
    }

    #[test]
    fn a_field_is_named_once_and_best() {
        use Field::*;
        check(&["姓名", "姓名", "学号"], &[Some(Name), None, Some(StudentNumber)]);
        check(&["系所", "学院"], &[None, Some(College)]);
    }

    #[test]
    fn the_header_is_found_below_titles() {
        let table = table(&[
            &["某某大学2026届毕业生名单"],
            &["", "", "制表：教务处"],
            &["学号", "姓名", "专业"],
            &["1", "姓名", "x"],
        ]);
        let mut guess = Mapping::guess(&table);
        assert_eq!(guess.header_row, 2);
        assert_eq!(guess.missing(), []);
        guess.set(2, Some(Field::Name));
        assert_eq!(guess.columns, [Some(Field::StudentNumber), None, Some(Field::Name)]);
        guess.set(0, None);
        assert_eq!(guess.missing(), [Needed::Number]);
        guess.columns[0] = Some(Field::Name);
        assert_eq!(guess.check(&table).map_err(|error| error.code()), Err("roster.bad_mapping"));
        let none = Mapping::guess(&Table::default());
        assert_eq!((none.header_row, none.missing()), (0, vec![Needed::Name, Needed::Number]));
    }
}
