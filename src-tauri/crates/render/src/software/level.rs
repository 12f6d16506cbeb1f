//! What the processor can do, and code compiled for it.

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;

/// What the processor can do.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    /// x86-64 with AVX2 and FMA (v3): practically every PC since 2015.
    #[cfg(target_arch = "x86_64")]
    Avx2(V3),
    /// Whatever the target guarantees: SSE2, NEON.
    Baseline,
}

/// A piece of work that is compiled once for every level.
pub(crate) trait Work {
    /// Does it; must be `#[inline(always)]`, or it is not compiled for the level.
    fn run(self, level: Level);
}

#[cfg(target_arch = "x86_64")]
struct Vectorised<W>(W, V3);

#[cfg(target_arch = "x86_64")]
impl<W: Work> pulp::WithSimd for Vectorised<W> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.0.run(Level::Avx2(self.1));
    }
}

impl Level {
    /// The best that this processor has.
    pub(crate) fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if let Some(v3) = V3::try_new() {
            return Self::Avx2(v3);
        }
        Self::Baseline
    }

    /// The name the field uses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => "AVX2",
            Self::Baseline if cfg!(target_arch = "aarch64") => "NEON",
            Self::Baseline if cfg!(target_arch = "x86_64") => "SSE2",
            Self::Baseline => "scalar",
        }
    }

    /// Runs `work` compiled for this level.
    pub(crate) fn run(self, work: impl Work) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(v3) => pulp::Simd::vectorize(v3, Vectorised(work, v3)),
            Self::Baseline => work.run(Self::Baseline),
        }
    }
}
