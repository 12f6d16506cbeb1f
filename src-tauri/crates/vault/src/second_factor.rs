//! The second factor: a code of six digits that changes every 30 s (TOTP, RFC 6238, SHA-1), which every authenticator app
//! on a telephone understands, without a network.

use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use model::Secret;
use qrcode::{EcLevel, QrCode, render::svg};
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use crate::key::{Sealed, random};
use crate::name::Name;
use crate::recovery::Recovery;

/// 160 bits, as RFC 4226, section 4, recommends.
pub(crate) const SEED: usize = 20;
pub(crate) type Seed = Zeroizing<[u8; SEED]>;

/// Seconds of a step.
const STEP: u64 = 30;
/// Steps that a telephone's clock may be off.
const SKEW: u64 = 1;
const ISSUER: &str = "Watchwall";

/// What is kept of it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondFactor {
    /// Sealed with the password's key, so that the file alone gives no codes.
    pub(crate) seed: Sealed,
    pub(crate) used: Used,
    pub(crate) recovery: Recovery,
}

/// The steps whose codes were accepted, the last ones last.
///
/// Not only the last one: it would let a code in twice whose step comes again after the clock was set back, or else
/// shut everybody out whose last code came while the clock ran ahead.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Used(Vec<u64>);

impl Used {
    const MOST: usize = 16;

    /// Whether the code may be let in at `now`; then it never is again. A step before one that was used, within the same
    /// window, is not let in either (RFC 6238, section 5.2).
    pub(crate) fn accept(&mut self, seed: &Seed, code: &str, now: Timestamp) -> bool {
        let totp = totp(seed);
        let present = u64::try_from(now.as_second()).unwrap_or(0) / STEP;
        let window = present.saturating_sub(SKEW)..=present.saturating_add(SKEW);
        let newest = self.0.iter().copied().filter(|step| step <= window.end()).max();
        let fresh = |step: &u64| newest.is_none_or(|newest| *step > newest);
        let Some(step) = window.filter(fresh).find(|step| totp.check(code, step * STEP).is_some()) else {
            return false;
        };
        if self.0.len() >= Self::MOST {
            self.0.remove(0);
        }
        self.0.push(step);
        true
    }
}

fn totp(seed: &Seed) -> Totp {
    // No skew of its own: the step must be known, and each is asked for by itself.
    Builder::new()
        .with_secret(**seed)
        .with_skew(0)
        .build()
        .expect("a seed of 160 bits and the usual parameters")
}

/// A second factor that is not yet in force: its seed has to reach the person's telephone, which is shown by a code of
/// it. Dropping it wipes the seed.
pub struct Enrolment {
    pub(crate) account: String,
    pub(crate) seed: Seed,
    name: Name,
}

impl Enrolment {
    pub(crate) fn begin(account: String, name: Name) -> Self {
        Self { account, name, seed: random() }
    }

    /// The seed to be typed into an app, in base32 (RFC 4648), 32 letters.
    #[must_use]
    pub fn text(&self) -> Secret {
        Secret::new(BASE32_NOPAD.encode(&*self.seed))
    }

    /// The `otpauth://` address that apps read.
    #[must_use]
    pub fn uri(&self) -> Secret {
        let named = Builder::new()
            .with_secret(*self.seed)
            .with_issuer(Some(ISSUER))
            .with_account_name(self.name.as_str())
            .build()
            .expect("neither issuer nor name has a colon");
        Secret::new(named.to_url().expect("both can be percent-encoded"))
    }

    /// [`Enrolment::uri`] as a QR code: an SVG picture of at least 200 × 200 px, black on white with its quiet zone.
    ///
    /// # Panics
    /// Never: the longest name's address fits into a QR code several times.
    #[must_use]
    pub fn qr_svg(&self) -> Secret {
        let code = QrCode::with_error_correction_level(self.uri().expose(), EcLevel::M).expect("it fits");
        let picture = code
            .render::<svg::Color<'_>>()
            .min_dimensions(200, 200)
            .dark_color(svg::Color("#000"))
            .light_color(svg::Color("#fff"))
            .build();
        Secret::new(picture)
    }

    /// What is kept once `code` has shown that the telephone has the seed.
    pub(crate) fn shown_by(&self, code: &str, now: Timestamp) -> Option<Used> {
        let mut used = Used::default();
        used.accept(&self.seed, code, now).then_some(used)
    }

    /// The code at a time, as the telephone would show it.
    #[cfg(test)]
    pub(crate) fn code(&self, now: Timestamp) -> String {
        code(&self.seed, now)
    }
}

#[cfg(test)]
pub(crate) fn code(seed: &Seed, now: Timestamp) -> String {
    totp(seed).generate(u64::try_from(now.as_second()).unwrap()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn rfc() -> Seed {
        Zeroizing::new(*b"12345678901234567890")
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1; ours are the last six of its eight digits.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert!(Used::default().accept(&rfc(), code, at(second)), "{second}");
            assert!(!Used::default().accept(&rfc(), code, at(second + 300)), "{second}");
            assert_eq!(super::code(&rfc(), at(second)), code);
        }
    }

    #[test]
    fn a_telephone_may_be_one_step_off() {
        let now = 1_790_000_010;
        for (off, good) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let code = code(&rfc(), at(now + off));
            assert_eq!(Used::default().accept(&rfc(), &code, at(now)), good, "{off}");
        }
    }

    #[test]
    fn no_code_is_accepted_twice_nor_one_before_it() {
        let mut used = Used::default();
        let now = 1_790_000_010;
        let (before, present, next) =
            (code(&rfc(), at(now - 30)), code(&rfc(), at(now)), code(&rfc(), at(now + 30)));
        assert!(used.accept(&rfc(), &present, at(now)));
        assert!(!used.accept(&rfc(), &present, at(now)));
        assert!(!used.accept(&rfc(), &present, at(now + 30)));
        assert!(!used.accept(&rfc(), &before, at(now)));
        assert!(used.accept(&rfc(), &next, at(now + 30)));
    }

    #[test]
    fn a_clock_that_ran_ahead_shuts_nobody_out_and_lets_no_code_in_twice() {
        let mut used = Used::default();
        let (now, ahead) = (1_790_000_010, 1_890_000_000);
        let code = |second| code(&rfc(), at(second));
        assert!(used.accept(&rfc(), &code(now), at(now)));
        assert!(used.accept(&rfc(), &code(ahead), at(ahead)));
        assert!(!used.accept(&rfc(), &code(now), at(now)), "used before the clock ran ahead");
        assert!(used.accept(&rfc(), &code(now + 30), at(now + 30)));
        assert!(!used.accept(&rfc(), &code(ahead), at(ahead)), "used while it ran ahead");
    }

    #[test]
    fn anything_else_is_no_code() {
        for odd in ["", "12345", "1234567", "abcdef", "２８７０８２", "-87082", "2870 2"] {
            assert!(!Used::default().accept(&rfc(), odd, at(59)), "{odd:?}");
        }
        assert!(!Used::default().accept(&rfc(), "353130", Timestamp::MIN), "before 1970");
    }

    #[test]
    fn an_app_finds_issuer_name_and_seed_in_the_address() {
        let enrolment = Enrolment::begin("id".to_owned(), Name::new("Trực ban/ca 1?&").unwrap());
        let uri = enrolment.uri();
        assert!(uri.expose().starts_with("otpauth://totp/Watchwall:"), "scheme and issuer");
        let read = Totp::from_url(uri.expose()).unwrap();
        assert_eq!(read.account_name(), "Trực ban/ca 1?&");
        assert_eq!(read.issuer(), Some("Watchwall"));
        assert!(read.secret().as_bytes() == enrolment.seed.as_slice());
        assert!(read.secret().to_base32() == enrolment.text().expose());
        let picture = enrolment.qr_svg();
        assert!(picture.expose().starts_with("<?xml") && picture.expose().contains("<svg"));
        let longest = Enrolment::begin("id".to_owned(), Name::new(&"ệ".repeat(Name::LONGEST)).unwrap());
        assert!(longest.qr_svg().expose().contains("<svg"));
    }
}
