//! The names that schools give their columns: those of our template, CHSI's codes, and common variants.

use caixiang_domain::Field;

/// Names of a field, the surest first. Compared without blanks, marks and brackets, in lower case.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::StudentNumber,
        &["学号", "xh", "学生学号", "学籍号", "学生编号", "studentnumber", "studentid", "studentno"],
    ),
    (Field::Name, &["姓名", "xm", "学生姓名", "中文姓名", "name", "fullname", "studentname"]),
    (Field::Sex, &["性别", "xb", "sex", "gender"]),
    (Field::Nation, &["民族", "mz", "ethnicgroup", "ethnicity", "nation"]),
    (
        Field::Birth,
        &["出生日期", "csrq", "出生年月日", "生日", "dateofbirth", "birthdate", "birthday", "dob"],
    ),
    (
        Field::IdNumber,
        &[
            "身份证号",
            "sfzh",
            "身份证号码",
            "身份证件号",
            "身份证件号码",
            "身份证",
            "居民身份证号",
            "居民身份证号码",
            "证件号码",
            "证件号",
            "有效证件号",
            "有效证件号码",
            "zjhm",
            "idnumber",
            "idcardnumber",
            "idno",
            "idcard",
            "documentnumber",
        ],
    ),
    (
        Field::LastFour,
        &[
            "身份证后四位",
            "身份证号后四位",
            "证件号后四位",
            "证件号码后四位",
            "lastfour",
            "lastfourofidnumber",
        ],
    ),
    (
        Field::Phone,
        &[
            "手机号",
            "手机号码",
            "手机",
            "本人手机",
            "本人手机号",
            "移动电话",
            "联系手机",
            "联系电话",
            "电话",
            "电话号码",
            "联系方式",
            "sjh",
            "sjhm",
            "lxdh",
            "mobile",
            "mobilephone",
            "mobilenumber",
            "phone",
            "phonenumber",
            "telephone",
        ],
    ),
    (
        Field::ExamNumber,
        &["考生号", "ksh", "高考考生号", "考号", "examnumber", "examid", "examno", "candidatenumber"],
    ),
    (Field::Level, &["培养层次", "cc", "层次", "学历层次", "学历", "pycc", "level", "degreelevel"]),
    (Field::Duration, &["学制", "xz", "学制年", "修业年限", "duration", "yearsofstudy"]),
    (Field::SchoolCode, &["院校代码", "yxdm", "学校代码", "学校标识码", "schoolcode", "universitycode"]),
    (
        Field::SchoolName,
        &["院校名称", "yxmc", "学校名称", "学校", "院校", "school", "schoolname", "university"],
    ),
    (
        Field::College,
        &[
            "学院名称",
            "学院",
            "fy",
            "分院",
            "二级学院",
            "院系",
            "院系名称",
            "所在院系",
            "所在学院",
            "xymc",
            "系所",
            "系所名称",
            "xsh",
            "系所函",
            "系",
            "系部",
            "系别",
            "college",
            "faculty",
            "department",
            "collegename",
        ],
    ),
    (Field::Major, &["专业名称", "zymc", "专业", "所学专业", "major", "majorname", "programme", "program"]),
    (
        Field::ClassName,
        &[
            "班级名称",
            "bjmc",
            "班级",
            "行政班",
            "行政班级",
            "bh",
            "班号",
            "所在班级",
            "班",
            "class",
            "classname",
        ],
    ),
    (Field::Remark, &["备注", "bz", "说明", "remark", "remarks", "note", "notes", "comment"]),
    (Field::Recipient, &["收件人", "收件人姓名", "收货人", "recipient", "recipientname"]),
    (Field::RecipientPhone, &["收件人电话", "收件人手机", "收件人手机号", "收件电话", "recipientphone"]),
    (Field::Region, &["省市区", "所在地区", "收件地区", "region"]),
    (Field::Address, &["详细地址", "收件地址", "邮寄地址", "通讯地址", "地址", "address", "mailingaddress"]),
];

/// What a header names, and how sure that name is: 0 is surest.
pub(crate) fn field(header: &str) -> Option<(Field, usize)> {
    let plain = plain(header);
    if plain.is_empty() {
        return None;
    }
    NAMES
        .iter()
        .find_map(|(field, names)| names.iter().position(|name| *name == plain).map(|rank| (*field, rank)))
}

/// Without what stands in brackets, blanks and marks; full-width letters made plain, lower case.
fn plain(header: &str) -> String {
    let mut depth = 0_usize;
    let mut plain = String::new();
    for letter in header.chars() {
        let letter = match letter as u32 {
            wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(letter),
            _ => letter,
        };
        match letter {
            '(' | '[' | '【' | '〔' | '<' => depth += 1,
            ')' | ']' | '】' | '〕' | '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 && letter.is_alphanumeric() => plain.extend(letter.to_lowercase()),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_field_has_names_and_no_name_two_fields() {
        let mut seen = HashSet::new();
        for (_, names) in NAMES {
            for name in *names {
                assert_eq!(plain(name), *name);
                assert!(seen.insert(name), "{name}");
            }
        }
        let named: HashSet<Field> = NAMES.iter().map(|(field, _)| *field).collect();
        assert!(Field::ALL.iter().all(|field| named.contains(field)));
    }

    #[test]
    fn marks_and_brackets_do_not_matter() {
        for header in ["身份证号", " *身份证号：", "身份证号（必填）", "身 份 证\n号", "ＳＦＺＨ", "[1]SFZH"]
        {
            assert_eq!(field(header).map(|(field, _)| field), Some(Field::IdNumber), "{header}");
        }
        for header in ["", "（姓名）", "证件类型", "辅导员电话", "1"] {
            assert_eq!(field(header), None, "{header}");
        }
    }
}
