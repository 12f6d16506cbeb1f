//! The view itself.

#![expect(unsafe_code, reason = "AppKit is an Objective-C interface")]

use std::cell::Cell;

use model::{Rect, Size};
use objc2::rc::Retained;
use objc2::{DefinedClass, MainThreadMarker, MainThreadOnly, define_class, msg_send, sel};
use objc2_app_kit::{
    NSAutoresizingMaskOptions, NSEvent, NSEventModifierFlags, NSView, NSWindow,
    NSWindowDidBecomeKeyNotification, NSWindowDidChangeOcclusionStateNotification,
    NSWindowDidEnterFullScreenNotification, NSWindowOcclusionState, NSWindowOrderingMode,
};
use objc2_core_graphics::{CGColor, CGMutablePath};
use objc2_foundation::{NSNotification, NSNotificationCenter, NSPoint, NSRect, NSSize};
use objc2_quartz_core::{CALayer, CAMetalLayer, CAShapeLayer};

use super::super::{Event, Host, Key, Listener, Modifiers, region};

/// What the region shows before anything is drawn: the gap between tiles, as red, green and blue.
const BACKGROUND: [f64; 3] = [7.0 / 255.0, 9.0 / 255.0, 12.0 / 255.0];

/// What the view knows.
pub(super) struct Region {
    host: Host,
    listener: Listener,
    layer: Retained<CAMetalLayer>,
    size: Cell<Size>,
    visible: Cell<bool>,
}

define_class!(
    // SAFETY: NSView may be subclassed; every override below has its method's signature and calls `super` where AppKit
    // asks for it; RegionView does not implement Drop.
    #[unsafe(super(NSView))]
    #[thread_kind = MainThreadOnly]
    #[name = "WatchwallRegion"]
    #[ivars = Region]
    pub(super) struct RegionView;

    impl RegionView {
        #[unsafe(method_id(makeBackingLayer))]
        fn make_backing_layer(&self) -> Retained<CALayer> {
            self.ivars().layer.clone().into_super()
        }

        #[unsafe(method_id(hitTest:))]
        fn hit_test(&self, point: NSPoint) -> Option<Retained<NSView>> {
            match self.ivars().host {
                Host::Page => None,
                // SAFETY: the signature of NSView's own.
                Host::Wall => unsafe { msg_send![super(self), hitTest: point] },
            }
        }

        #[unsafe(method(acceptsFirstResponder))]
        fn accepts_first_responder(&self) -> bool {
            self.ivars().host == Host::Wall
        }

        #[unsafe(method(acceptsFirstMouse:))]
        fn accepts_first_mouse(&self, _: Option<&NSEvent>) -> bool {
            self.ivars().host == Host::Wall
        }

        #[unsafe(method(keyDown:))]
        fn key_down(&self, event: &NSEvent) {
            let flags = event.modifierFlags();
            let modifiers = Modifiers {
                control: flags.contains(NSEventModifierFlags::Command),
                shift: flags.contains(NSEventModifierFlags::Shift),
            };
            // Without modifiers, and before any input method: letters are keys here and no text.
            let written = event.charactersIgnoringModifiers().map(|written| written.to_string());
            if let Some(key) = written.and_then(|written| key(written.chars().next()?)) {
                self.tell(Event::Key(key, modifiers));
            }
        }

        #[unsafe(method(mouseDown:))]
        fn mouse_down(&self, event: &NSEvent) {
            let point = self.convertPoint_fromView(event.locationInWindow(), None);
            let scale = self.scale();
            // `as` keeps what lies outside at the edge.
            let (x, y) = ((point.x * scale) as u32, ((self.bounds().size.height - point.y) * scale) as u32);
            self.tell(Event::Press { x, y, at: (event.timestamp() * 1000.0) as u64 as u32 });
        }

        #[unsafe(method(setFrameSize:))]
        fn set_frame_size(&self, size: NSSize) {
            // SAFETY: the signature of NSView's own.
            let () = unsafe { msg_send![super(self), setFrameSize: size] };
            self.look();
        }

        #[unsafe(method(viewDidChangeBackingProperties))]
        fn backing_changed(&self) {
            // SAFETY: the signature of NSView's own.
            let () = unsafe { msg_send![super(self), viewDidChangeBackingProperties] };
            self.ivars().layer.setContentsScale(self.scale());
            self.look();
        }

        #[unsafe(method(viewDidHide))]
        fn hidden(&self) {
            // SAFETY: the signature of NSView's own.
            let () = unsafe { msg_send![super(self), viewDidHide] };
            self.look();
        }

        #[unsafe(method(viewDidUnhide))]
        fn unhidden(&self) {
            // SAFETY: the signature of NSView's own.
            let () = unsafe { msg_send![super(self), viewDidUnhide] };
            self.look();
        }

        #[unsafe(method(windowChanged:))]
        fn window_changed(&self, _: &NSNotification) {
            self.take_keys();
            self.look();
        }
    }
);

impl RegionView {
    pub(super) fn new(main: MainThreadMarker, host: Host, listener: Listener) -> Retained<Self> {
        let layer = CAMetalLayer::new();
        let [red, green, blue] = BACKGROUND;
        layer.setBackgroundColor(Some(&CGColor::new_srgb(red, green, blue, 1.0)));
        let (size, visible) = (Cell::new(Size::new(0, 0)), Cell::new(false));
        let this = Self::alloc(main).set_ivars(Region { host, listener, layer, size, visible });
        // SAFETY: the signature of NSView's own, which may begin with any frame.
        let view: Retained<Self> = unsafe { msg_send![super(this), initWithFrame: NSRect::ZERO] };
        view.setWantsLayer(true);
        view
    }

    /// Enters the window; a wall's covers it at once.
    pub(super) fn enter(&self, window: &NSWindow, content: &NSView) {
        match self.ivars().host {
            Host::Page => self.setHidden(true),
            Host::Wall => {
                self.setFrame(content.bounds());
                self.setAutoresizingMask(
                    NSAutoresizingMaskOptions::ViewWidthSizable
                        | NSAutoresizingMaskOptions::ViewHeightSizable,
                );
            }
        }
        content.addSubview_positioned_relativeTo(self, NSWindowOrderingMode::Above, None);
        self.ivars().layer.setContentsScale(self.scale());
        let center = NSNotificationCenter::defaultCenter();
        // SAFETY: the names are AppKit's constants; the method is defined above and takes a notification; `leave` ends it.
        unsafe {
            for name in [
                NSWindowDidBecomeKeyNotification,
                NSWindowDidChangeOcclusionStateNotification,
                NSWindowDidEnterFullScreenNotification,
            ] {
                center.addObserver_selector_name_object(self, sel!(windowChanged:), Some(name), Some(window));
            }
        }
        self.take_keys();
        self.look();
    }

    pub(super) fn leave(&self) {
        // SAFETY: an observer that was added in `enter`, or none.
        unsafe { NSNotificationCenter::defaultCenter().removeObserver(self) };
        self.removeFromSuperview();
    }

    /// The window's library makes its own view the first responder whenever it changes the window's style.
    fn take_keys(&self) {
        if let (Host::Wall, Some(window)) = (self.ivars().host, self.window()) {
            window.makeFirstResponder(Some(self));
        }
    }

    fn tell(&self, event: Event) {
        (self.ivars().listener)(event);
    }

    /// Physical pixels a point.
    fn scale(&self) -> f64 {
        self.window().map_or(1.0, |window| window.backingScaleFactor())
    }

    /// Tells what is no longer as it was told.
    fn look(&self) {
        let Some(window) = self.window() else { return };
        let (points, scale) = (self.bounds().size, window.backingScaleFactor());
        let size = Size::new((points.width * scale).round() as u32, (points.height * scale).round() as u32);
        if self.ivars().size.replace(size) != size {
            self.tell(Event::Resized(size));
        }
        let seen = window.occlusionState().contains(NSWindowOcclusionState::Visible);
        let visible = seen && !self.isHiddenOrHasHiddenAncestor();
        if self.ivars().visible.replace(visible) != visible {
            self.tell(Event::Visible(visible));
        }
    }

    pub(super) fn lay(&self, rect: Rect, holes: &[Rect]) {
        // SAFETY: this is the main thread, and the answer is kept only here.
        let parent = unsafe { self.superview() };
        let Some(parent) = parent.filter(|_| rect.width > 0 && rect.height > 0) else {
            self.setHidden(true);
            return;
        };
        // The upper edge stays where it is while the window grows, until the page says otherwise.
        let (height, margin) = if parent.isFlipped() {
            (None, NSAutoresizingMaskOptions::ViewMaxYMargin)
        } else {
            (Some(parent.bounds().size.height), NSAutoresizingMaskOptions::ViewMinYMargin)
        };
        self.setAutoresizingMask(margin);
        self.setFrame(points(rect, self.scale(), height));
        self.leave_out(rect.size(), holes);
        self.setHidden(false);
    }

    fn leave_out(&self, size: Size, holes: &[Rect]) {
        let layer = &self.ivars().layer;
        let (height, scale) = (self.bounds().size.height, self.scale());
        let mask = (!holes.is_empty()).then(|| {
            let path = CGMutablePath::new();
            let height = (!layer.contentsAreFlipped()).then_some(height);
            for part in region::without(size.width, size.height, holes) {
                let part = points(part, scale, height);
                // SAFETY: null stands for no transformation.
                unsafe { CGMutablePath::add_rect(Some(&path), std::ptr::null(), part) };
            }
            let mask = CAShapeLayer::new();
            mask.setPath(Some(&path));
            mask
        });
        // SAFETY: a new layer that has no other place in the tree.
        unsafe { layer.setMask(mask.as_deref().map(|mask| &**mask)) };
    }
}

/// A rectangle of pixels from the upper edge in points; in something of this `height`, from its lower edge.
fn points(rect: Rect, scale: f64, height: Option<f64>) -> NSRect {
    let [x, y, width, tall] =
        [rect.x, rect.y, rect.width, rect.height].map(|pixels| f64::from(pixels) / scale);
    let y = height.map_or(y, |height| height - y - tall);
    NSRect::new(NSPoint::new(x, y), NSSize::new(width, tall))
}

/// From the character that AppKit gives a key (NSEvent.h), function keys among them.
fn key(code: char) -> Option<Key> {
    Some(match code {
        ' '..='~' => Key::Char(code.to_ascii_lowercase()),
        '\r' | '\u{3}' => Key::Enter,
        '\u{1b}' => Key::Escape,
        // Laptops have only the one that deletes backwards.
        '\u{7f}' | '\u{f728}' => Key::Delete,
        '\u{f700}' => Key::Up,
        '\u{f701}' => Key::Down,
        '\u{f702}' => Key::Left,
        '\u{f703}' => Key::Right,
        '\u{f72c}' => Key::PageUp,
        '\u{f72d}' => Key::PageDown,
        '\u{f704}'..='\u{f70f}' => Key::Function((u32::from(code) - 0xf704) as u8 + 1),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_keys() {
        assert_eq!(key('Z'), Some(Key::Char('z')));
        assert_eq!(key('\u{f70f}'), Some(Key::Function(12)));
        assert_eq!(key('\u{f710}'), None);
    }

    #[test]
    fn pixels_become_points_from_either_edge() {
        let rect = Rect::new(20, 10, 100, 60);
        let frame = |y| NSRect::new(NSPoint::new(10.0, y), NSSize::new(50.0, 30.0));
        assert_eq!(points(rect, 2.0, None), frame(5.0));
        assert_eq!(points(rect, 2.0, Some(200.0)), frame(165.0));
    }
}
