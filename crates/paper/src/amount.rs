//! Amounts of money as receipts have them: in figures, and in the capital numerals that cannot be altered.

use caixiang_domain::Fen;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// The amount in capital numerals, after 《支付结算办法》 appendix 1: 壹佰零伍元叁角整, 叁拾元整, 壹元零伍分.
pub(crate) fn capitals(amount: Fen) -> String {
    let fen = amount.get();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let digit = |value: u32| DIGITS[(value % 10) as usize];
    let mut out = String::new();
    // A million yuan is 壹佰万: two groups of four.
    for (group, unit) in [(yuan / 10_000, "万"), (yuan % 10_000, "")] {
        let mut skipped = !out.is_empty() && group < 1000;
        if group == 0 {
            continue;
        }
        for (value, place) in
            [(group / 1000, "仟"), (group / 100 % 10, "佰"), (group / 10 % 10, "拾"), (group % 10, "")]
        {
            if value == 0 {
                skipped |= !out.is_empty();
                continue;
            }
            if skipped && !out.is_empty() {
                out.push('零');
            }
            skipped = false;
            out.push(digit(value));
            out.push_str(place);
        }
        out.push_str(unit);
    }
    if yuan > 0 || (jiao == 0 && fen == 0) {
        if yuan == 0 {
            out.push('零');
        }
        out.push('元');
    }
    match (jiao, fen) {
        (0, 0) => out.push('整'),
        (jiao, 0) => out.extend([digit(jiao), '角', '整']),
        (0, fen) => {
            if yuan > 0 {
                out.push('零');
            }
            out.extend([digit(fen), '分']);
        }
        (jiao, fen) => out.extend([digit(jiao), '角', digit(fen), '分']),
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_capitals() {
        for (fen, expected) in [
            (0, "零元整"),
            (5, "伍分"),
            (30, "叁角整"),
            (105, "壹元零伍分"),
            (1350, "壹拾叁元伍角整"),
            (3000, "叁拾元整"),
            (3015, "叁拾元壹角伍分"),
            (10_530, "壹佰零伍元叁角整"),
            (100_900, "壹仟零玖元整"),
            (168_032, "壹仟陆佰捌拾元叁角贰分"),
            (10_700_053, "壹拾万柒仟元伍角叁分"),
            (10_070_000, "壹拾万零柒佰元整"),
            (100_000_000, "壹佰万元整"),
        ] {
            assert_eq!(capitals(Fen::new(fen).unwrap()), expected, "{fen}");
        }
    }
}
