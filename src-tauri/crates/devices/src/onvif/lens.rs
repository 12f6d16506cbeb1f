//! Focus and iris: the imaging service, for one video source.

use std::sync::Arc;

use model::{Fault, Span};

use super::element::Element;
use super::line::Line;
use super::soap::{Request, Service, escape};
use crate::device::{LensMotors, Reply};
use crate::makers::unless_essential;

/// The part of the iris' range that a press at full speed moves it by.
const STEP: f64 = 0.1;

/// The lens in front of a source.
pub(super) struct Lens {
    line: Arc<Line>,
    /// Its token, escaped.
    source: String,
    /// How fast the focus moves.
    focus: Option<Span>,
    auto_focus: bool,
    /// Decibels by which the iris dims (ONVIF Imaging §5.1.1): 0 is open.
    iris: Option<Span>,
}

impl Lens {
    /// The lens of a source, if anything on it moves.
    pub(super) async fn of(line: &Arc<Line>, source: &str) -> Result<Option<Self>, Fault> {
        let mut lens = Self {
            line: Arc::clone(line),
            source: escape(source),
            focus: None,
            auto_focus: false,
            iris: None,
        };
        let moves =
            unless_essential(line.ask(&lens.request("GetMoveOptions", "")).await)?.unwrap_or_default();
        let options = unless_essential(line.ask(&lens.request("GetOptions", "")).await)?.unwrap_or_default();
        lens.focus = read_focus(&moves);
        lens.auto_focus = offers(&options, &["Focus", "AutoFocusModes"], "AUTO");
        lens.iris = read_iris(&options);
        Ok((lens.focus.is_some() || lens.iris.is_some()).then_some(lens))
    }

    fn request(&self, operation: &'static str, more: &str) -> Request {
        let inside = format!("<P:VideoSourceToken>{}</P:VideoSourceToken>{more}", self.source);
        Request::new(Service::Imaging, operation).with(&inside)
    }

    async fn set(&self, settings: &str) -> Result<(), Fault> {
        let more = format!(
            "<P:ImagingSettings>{settings}</P:ImagingSettings><P:ForcePersistence>false</P:ForcePersistence>"
        );
        self.line.ask(&self.request("SetImagingSettings", &more)).await.map(drop)
    }
}

fn read_focus(moves: &Element) -> Option<Span> {
    span(moves.path(&["MoveOptions", "Continuous", "Speed"])?)
}

fn read_iris(options: &Element) -> Option<Span> {
    span(options.path(&["ImagingOptions", "Exposure", "Iris"])?)
}

fn span(range: &Element) -> Option<Span> {
    let (least, most) = (range.number_at(&["Min"])?, range.number_at(&["Max"])?);
    (least.is_finite() && most.is_finite() && least < most).then_some(Span { least, most })
}

/// Whether one of the texts at a place under the options is this.
fn offers(options: &Element, at: &[&str; 2], wanted: &str) -> bool {
    let Some(group) = options.path(&["ImagingOptions", at[0]]) else { return false };
    group.all(at[1]).any(|mode| mode.text().eq_ignore_ascii_case(wanted))
}

impl LensMotors for Lens {
    fn has_iris(&self) -> bool {
        self.iris.is_some()
    }

    fn focus(&self, speed: f32) -> Reply<'_, ()> {
        Box::pin(async move {
            let range = self.focus.ok_or(Fault::NotOffered)?;
            if speed == 0.0 || speed.is_nan() {
                return self.line.ask_alone(&self.request("Stop", "")).await.map(drop);
            }
            let share = f64::from(speed.clamp(-1.0, 1.0));
            let speed = share * if share < 0.0 { -range.least } else { range.most };
            let more =
                format!("<P:Focus><tt:Continuous><tt:Speed>{speed}</tt:Speed></tt:Continuous></P:Focus>");
            self.line.ask(&self.request("Move", &more)).await.map(drop)
        })
    }

    fn auto_focus(&self) -> Reply<'_, ()> {
        Box::pin(async move {
            if !self.auto_focus {
                return Err(Fault::NotOffered);
            }
            self.set("<tt:Focus><tt:AutoFocusMode>AUTO</tt:AutoFocusMode></tt:Focus>").await
        })
    }

    /// ONVIF sets the iris, it does not move it: each call is one step. While the camera exposes by itself the step is
    /// not taken, because that would end it for good.
    fn iris(&self, speed: f32) -> Reply<'_, ()> {
        Box::pin(async move {
            let range = self.iris.ok_or(Fault::NotOffered)?;
            if speed == 0.0 || speed.is_nan() {
                return Ok(());
            }
            let answer = self.line.ask(&self.request("GetImagingSettings", "")).await?;
            let exposure = answer.path(&["ImagingSettings", "Exposure"]).ok_or(Fault::NotOffered)?;
            if !exposure.text_at(&["Mode"]).eq_ignore_ascii_case("MANUAL") {
                return Err(Fault::NotOffered);
            }
            let now = exposure.number_at(&["Iris"]).filter(|now| now.is_finite()).ok_or(Fault::NotOffered)?;
            let step = STEP * range.width() * f64::from(speed.clamp(-1.0, 1.0));
            let then = range.nearest(now - step);
            self.set(&format!(
                "<tt:Exposure><tt:Mode>MANUAL</tt:Mode><tt:Iris>{then}</tt:Iris></tt:Exposure>"
            ))
            .await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::element::read;
    use super::*;

    #[test]
    fn a_lens_offers_what_its_options_list() {
        let moves = read(
            b"<R><MoveOptions><Continuous><Speed><Min>-7</Min><Max>7</Max></Speed></Continuous></MoveOptions></R>",
        );
        assert_eq!(read_focus(&moves.unwrap()), Some(Span { least: -7.0, most: 7.0 }));
        let options = read(
            b"<R><ImagingOptions><Exposure><Iris><Min>-22</Min><Max>0</Max></Iris></Exposure>\
              <Focus><AutoFocusModes>AUTO</AutoFocusModes><AutoFocusModes>MANUAL</AutoFocusModes></Focus></ImagingOptions></R>",
        )
        .unwrap();
        assert_eq!(read_iris(&options), Some(Span { least: -22.0, most: 0.0 }));
        assert!(offers(&options, &["Focus", "AutoFocusModes"], "AUTO"));
        let nothing = Element::default();
        assert_eq!((read_focus(&nothing), read_iris(&nothing)), (None, None));
        let odd = read(b"<R><MoveOptions><Continuous><Speed><Min>INF</Min><Max>1</Max></Speed></Continuous></MoveOptions></R>");
        assert_eq!(read_focus(&odd.unwrap()), None);
    }
}
