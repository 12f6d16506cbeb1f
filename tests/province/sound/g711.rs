//! G.711: eight logarithmic bits a sample.

/// A linear 16-bit sample as μ-law.
pub(crate) fn to_mu_law(sample: i16) -> u8 {
    let sign = if sample < 0 { 0x80 } else { 0 };
    let level = (i32::from(sample).abs().min(32_635) + 132) as u32;
    let exponent = (24 - level.leading_zeros()).min(7);
    let mantissa = level >> (exponent + 3) & 0xf;
    !(sign | (exponent as u8) << 4 | mantissa as u8)
}

/// A μ-law sample as linear 16 bits.
pub(crate) fn from_mu_law(byte: u8) -> i16 {
    let byte = !byte;
    let level = ((i32::from(byte & 0xf) << 3) + 132) << (byte >> 4 & 7);
    let level = level - 132;
    (if byte & 0x80 != 0 { -level } else { level }) as i16
}

/// A linear 16-bit sample as A-law.
pub(crate) fn to_a_law(sample: i16) -> u8 {
    let (sign, level) = if sample < 0 { (0, !i32::from(sample)) } else { (0x80, i32::from(sample)) };
    let level = (level >> 3) as u32;
    let code = if level < 32 {
        level >> 1
    } else {
        let exponent = 27 - level.leading_zeros();
        exponent << 4 | (level >> exponent & 0xf)
    };
    (sign | code as u8) ^ 0x55
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_of_both_laws() {
        // ITU-T G.711, tables 1 and 2: silence and the extremes.
        assert_eq!([0, 32_635, -32_635].map(to_mu_law), [0xff, 0x80, 0x00]);
        assert_eq!([0, 32_767, -32_768].map(to_a_law), [0xd5, 0xaa, 0x2a]);
    }

    #[test]
    fn mu_law_comes_back_within_its_step() {
        for sample in (-32_600..32_600).step_by(97) {
            let back = i32::from(from_mu_law(to_mu_law(sample)));
            let off = (back - i32::from(sample)).abs();
            assert!(off <= i32::from(sample).abs() / 16 + 8, "{sample} → {back}");
        }
    }
}
