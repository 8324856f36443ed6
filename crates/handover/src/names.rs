//! Every photo's name, and everything that is wrong with any of them, before anything is written.

use std::collections::HashMap;

use caixiang_domain::Details;

use crate::error::HandoverError;
use crate::record::{Collected, Student};
use crate::safe;
use crate::template::{Part, Template, TemplateField};

/// Longest folder's or file's name, characters.
pub(crate) const MAX_COMPONENT_CHARS: usize = 120;
/// Longest path inside the hand-over, bytes of UTF-8: shorter than Windows' 260 characters even below a deep folder,
/// and no component of it longer than Linux' 255 bytes.
pub(crate) const MAX_PATH_BYTES: usize = 240;

/// A photo's path inside the hand-over: parts divided by `/`, each of which every system takes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhotoPath(String);

impl PhotoPath {
    /// The path, with `/` between folders.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[cfg(test)]
    pub(crate) fn for_tests(path: &str) -> Self {
        Self(path.to_owned())
    }
}

/// What was found about a student's photo's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameProblem {
    /// Their place among the students.
    pub student: usize,
    /// What it is.
    pub trouble: Trouble,
}

/// What can be wrong with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The student has no value in a field that the template asks for, or none of its characters may stand in a name.
    Missing(TemplateField),
    /// Another student's photo has the same name, on some system at least.
    Clash {
        /// Their place among the students.
        with: usize,
    },
    /// A folder or file has more than 120 characters, or the path more than 240 bytes.
    TooLong,
    /// Characters were replaced, so that the name says another thing than the roster. It stands in nothing's way.
    Changed(TemplateField),
}

impl Trouble {
    /// The stable word for the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Clash { .. } => "clash",
            Self::TooLong => "too_long",
            Self::Changed(_) => "changed",
        }
    }

    /// Whether nothing can be handed over as long as it is there.
    pub fn is_blocking(&self) -> bool {
        !matches!(self, Self::Changed(_))
    }
}

/// The names, with what is wrong with them.
#[derive(Debug, Clone, PartialEq)]
pub struct NamePlan {
    /// For each student with a photo, the path; `None` without a photo or without a name.
    pub paths: Vec<Option<PhotoPath>>,
    /// What was found, in the order of the students.
    pub problems: Vec<NameProblem>,
    id_numbers: bool,
}

/// Names that nothing is wrong with.
#[derive(Debug, Clone, PartialEq)]
pub struct Names {
    pub(crate) paths: Vec<Option<PhotoPath>>,
    pub(crate) id_numbers: bool,
}

impl NamePlan {
    /// The names to be used.
    ///
    /// # Errors
    /// [`HandoverError::Names`] where a problem stands in the way.
    pub fn accept(self) -> Result<Names, HandoverError> {
        match self.problems.iter().filter(|problem| problem.trouble.is_blocking()).count() {
            0 => Ok(Names { paths: self.paths, id_numbers: self.id_numbers }),
            count => Err(HandoverError::Names { count }),
        }
    }
}

/// Names the photo of each student who has one, below `folder` (a single name: [`Words::photo_folder`](crate::Words::photo_folder)).
pub fn plan_names(template: &Template, folder: &str, students: &[Student]) -> NamePlan {
    let folder =
        Some(safe::component(folder)).filter(|folder| !folder.is_empty()).unwrap_or("photos".to_owned());
    let mut problems = Vec::new();
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut paths = Vec::with_capacity(students.len());
    for (student, known) in students.iter().enumerate() {
        let named = known.collected().map(|photo| name(template, &folder, &known.details, photo));
        let Some((path, troubles)) = named else {
            paths.push(None);
            continue;
        };
        problems.extend(troubles.into_iter().map(|trouble| NameProblem { student, trouble }));
        if let Some(path) = &path {
            let first = *taken.entry(safe::folded(&path.0)).or_insert(student);
            if first != student {
                problems.push(NameProblem { student, trouble: Trouble::Clash { with: first } });
            }
        }
        paths.push(path);
    }
    let id_numbers =
        template.fields().any(|field| field == TemplateField::Of(caixiang_domain::Field::IdNumber));
    NamePlan { paths, problems, id_numbers }
}

/// A photo's path, and what is wrong with it.
fn name(
    template: &Template,
    folder: &str,
    details: &Details,
    photo: &Collected,
) -> (Option<PhotoPath>, Vec<Trouble>) {
    let mut troubles = Vec::new();
    let mut path = folder.to_owned();
    for parts in &template.components {
        let mut component = String::new();
        for part in parts {
            match part {
                Part::Text(text) => component.push_str(text),
                Part::Field(field) => {
                    let value = field.value(details, photo.order).unwrap_or_default();
                    let safe = safe::value(&value);
                    if safe.chars().all(|c| matches!(c, '_' | '.' | ' ')) {
                        troubles.push(Trouble::Missing(*field));
                    } else if safe != value {
                        troubles.push(Trouble::Changed(*field));
                    }
                    component.push_str(&safe);
                }
            }
        }
        let safe = safe::component(&component);
        if safe != component
            && troubles.is_empty()
            && let Some(Part::Field(field)) = parts.iter().find(|part| matches!(part, Part::Field(_)))
        {
            troubles.push(Trouble::Changed(*field));
        }
        if safe.chars().count() > MAX_COMPONENT_CHARS {
            troubles.push(Trouble::TooLong);
        }
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(&safe);
    }
    if path.len() > MAX_PATH_BYTES && !troubles.contains(&Trouble::TooLong) {
        troubles.push(Trouble::TooLong);
    }
    let blocked = troubles.iter().any(Trouble::is_blocking);
    ((!blocked).then_some(PhotoPath(path)), troubles)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use caixiang_domain::{Field, OrderNumber};
    use proptest::prelude::*;

    use super::*;
    use crate::record::Outcome;

    fn student(number: &str, name: &str, class: &str) -> Student {
        let order: OrderNumber = "000015-20240220115644602".parse().expect("an order number");
        let taken = jiff::civil::date(2024, 2, 20).at(11, 56, 44, 0);
        let photo = Collected { order, taken, size: 1, sha256: [0; 32], notes: String::new() };
        let details = Details::new()
            .with(Field::StudentNumber, number)
            .with(Field::Name, name)
            .with(Field::ClassName, class);
        Student { details, outcome: Outcome::Collected(photo) }
    }

    fn check(template: &str, students: &[Student], paths: &[&str], problems: &[(usize, &str)]) {
        let template = Template::parse(template).expect("a template");
        let plan = plan_names(&template, "照片", students);
        let named: Vec<_> =
            plan.paths.iter().map(|path| path.as_ref().map_or("", PhotoPath::as_str)).collect();
        assert_eq!(named, paths);
        let found: Vec<_> = plan.problems.iter().map(|found| (found.student, found.trouble.code())).collect();
        assert_eq!(found, problems);
    }

    #[test]
    fn names_and_what_is_wrong_with_them() {
        let wang = student("20240001", "王小明", "软件1班");
        check(
            "{class}/{student_number}_{name}.jpg",
            std::slice::from_ref(&wang),
            &["照片/软件1班/20240001_王小明.jpg"],
            &[],
        );
        check("{order_number}.jpg", std::slice::from_ref(&wang), &["照片/000015-20240220115644602.jpg"], &[]);
        let same = [wang.clone(), student("20240002", "王小明", "软件1班")];
        check("{name}.jpg", &same, &["照片/王小明.jpg", "照片/王小明.jpg"], &[(1, "clash")]);
        let case = [student("a1", "E\u{301}lan", ""), student("A1", "ÉLAN", "")];
        check("{student_number}.jpg", &case, &["照片/a1.jpg", "照片/A1.jpg"], &[(1, "clash")]);
        check("{name}.jpg", &case, &["照片/Élan.jpg", "照片/ÉLAN.jpg"], &[(0, "changed"), (1, "clash")]);
        let odd = [student("1", "a/../b", "con"), student("2", "", "x"), student("3", "??", "x")];
        check(
            "{class}/{name}.jpg",
            &odd,
            &["照片/_con/a_.._b.jpg", "", ""],
            &[(0, "changed"), (0, "changed"), (1, "missing"), (2, "missing")],
        );
        let long = [student("1", &"长".repeat(60), ""), student("2", &"x".repeat(117), "")];
        check(
            "{name}.jpg",
            &long,
            &["照片/".to_owned() + &"长".repeat(60) + ".jpg", String::new()].each_ref().map(String::as_str),
            &[(1, "too_long")],
        );
        check("{name}{name}.jpg", &long[..1], &[""], &[(0, "too_long")]);
    }

    #[test]
    fn names_with_a_blocking_problem_are_not_accepted() {
        let template = Template::parse("{name}.jpg").expect("a template");
        let same = [student("1", "王小明", ""), student("2", "王小明", "")];
        assert_eq!(plan_names(&template, "照片", &same).accept().unwrap_err().code(), "handover.names");
        let odd = [student("1", "王:小明", "")];
        assert!(plan_names(&template, "照片", &odd).accept().is_ok());
    }

    /// Holds a path to the published rules of Windows, written again and apart from those that made it.
    fn is_legal(path: &str) -> bool {
        let devices = "con prn aux nul com0 com1 com2 com3 com4 com5 com6 com7 com8 com9 lpt0 lpt1 lpt2 lpt3 lpt4 \
                       lpt5 lpt6 lpt7 lpt8 lpt9 com¹ com² com³ lpt¹ lpt² lpt³ conin$ conout$";
        path.len() <= 240
            && path.split('/').all(|part| {
                let stem = part.split('.').next().unwrap_or_default().trim().to_lowercase();
                !part.is_empty()
                    && part.chars().count() <= 120
                    && !part.ends_with(['.', ' '])
                    && !part.starts_with([' ', '=', '+', '-', '@'])
                    && !part.chars().any(|c| c < ' ' || "<>:\"\\|?*\u{7f}".contains(c))
                    && !devices.split(' ').any(|device| device == stem)
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        #[test]
        fn every_name_is_legal_and_nobody_shares_one(
            people in prop::collection::vec(
                ("[a-cA-C1éÉ ]{0,3}|\\PC{0,30}", "(con|NUL|com1|aux|[. ]|王|e\u{301}|:|/|\\\\|\u{202e}|=|@){0,5}|.{0,40}", "[a-b]{0,1}|.{0,20}"),
                1..12,
            ),
            template in prop::sample::select(vec![
                "{name}.jpg", "{class}/{name}.jpg", "{student_number}.jpg", "{class}/{student_number}_{name}.jpg",
                "x {class}/y.{student_number}/{name}{student_number}.jpg",
            ]),
        ) {
            let students: Vec<_> = people.iter().map(|(number, name, class)| student(number, name, class)).collect();
            let template = Template::parse(template).expect("a template");
            let plan = plan_names(&template, "照片", &students);
            for path in plan.paths.iter().flatten() {
                prop_assert!(is_legal(path.as_str()), "{path:?}");
                prop_assert!(path.as_str().starts_with("照片/"));
            }
            // Whoever is not named, or named as somebody before, is reported.
            let mut seen = HashSet::new();
            for (at, path) in plan.paths.iter().enumerate() {
                let fine = path.as_ref().is_some_and(|path| seen.insert(path.as_str().to_lowercase()));
                let blocked = plan.problems.iter().any(|problem| problem.student == at && problem.trouble.is_blocking());
                prop_assert!(fine || blocked, "{at}");
            }
            if let Ok(names) = plan.accept() {
                prop_assert_eq!(names.paths.iter().flatten().count(), students.len());
            }
        }
    }
}
